// connection.refused: nothing listens on the partner's port, and the same port answers again afterwards.
import * as z from "zod";
import { defineFault } from "./fault.ts";

export const connectionRefused = defineFault({
  name: "connection.refused",
  point: "connection",
  question: "unavailable",
  summary: "nothing listens: connection refused, for everyone",
  settings: z.strictObject({}),
  onset: "start",
  spares: () => false,
  breaks: () => ({ kind: "refused" }),
});
