// connection.reset: the connection is cut with a RST, after the request was read or as soon as it is opened.
import * as z from "zod";
import { defineFault } from "./fault.ts";

export const connectionReset = defineFault({
  name: "connection.reset",
  point: "connection",
  question: "unavailable",
  summary: "the connection is reset, nothing was accepted",
  settings: z.strictObject({
    when: z
      .enum(["accept", "request"])
      .default("request")
      .describe("After the request was read; or on accept, which hits everyone"),
  }),
  onset: "attempt",
  // Before a request is read nobody knows whose connection it is.
  spares: ({ when }) => when === "request",
  breaks: ({ when }) => ({ kind: when === "accept" ? "reset-on-accept" : "reset" }),
});
