// processing.lost: accepted, and then nobody knows of it: no result, and the status is 404.
import * as z from "zod";
import { defineFault } from "./fault.ts";

export const processingLost = defineFault({
  name: "processing.lost",
  point: "processing",
  question: "cannot-process",
  summary: "accepted, then the submission disappears: the status is 404",
  settings: z.strictObject({}),
  onset: "promise",
  process: (processing) => ({ ...processing, ending: "lose" }),
});
