// connection.tls: the partner, who speaks https from the beginning, shows a certificate that no client may accept.
import * as z from "zod";
import { defineFault } from "./fault.ts";

export const connectionTls = defineFault({
  name: "connection.tls",
  point: "connection",
  question: "unavailable",
  summary: "the certificate is expired, untrusted or another host's, for everyone",
  settings: z.strictObject({
    problem: z
      .enum(["expired", "untrusted", "wrong-host"])
      .default("expired")
      .describe(
        "What is wrong: its time is over, an authority that nobody knows signed it, or it names another host",
      ),
  }),
  onset: "start",
  needsTls: true,
  // A client that turns away from the certificate never says whose request it had.
  spares: () => false,
  breaks: ({ problem }) => ({ kind: `tls-${problem}` }),
});
