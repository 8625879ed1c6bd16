// status.unknown: the status of an accepted submission is 404.
import * as z from "zod";
import { defineFault } from "./fault.ts";

export const statusUnknown = defineFault({
  name: "status.unknown",
  point: "status",
  question: "never-reports",
  summary: "the status of an accepted submission is 404",
  settings: z.strictObject({}),
  onset: "poll",
  view: (view) => (view.kind === "unknown" ? view : { kind: "unknown" }),
});
