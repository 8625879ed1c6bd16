// connection.hangs: the request is read and nothing is ever answered, nor accepted.
import * as z from "zod";
import { defineFault } from "./fault.ts";

export const connectionHangs = defineFault({
  name: "connection.hangs",
  point: "connection",
  question: "unavailable",
  summary: "the request is read and never answered; nothing was accepted",
  settings: z.strictObject({}),
  onset: "attempt",
  breaks: () => ({ kind: "hang" }),
});
