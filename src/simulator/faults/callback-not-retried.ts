// callback.not-retried: the partner tries to report once; refused or unanswered, it does not try again.
import * as z from "zod";
import { defineFault } from "./fault.ts";

export const callbackNotRetried = defineFault({
  name: "callback.not-retried",
  point: "callback",
  question: "never-reports",
  summary: "a report that was refused or not answered is not tried again",
  settings: z.strictObject({}),
  onset: "promise",
  retry: (retry) => (retry.waitMs === undefined ? retry : { ...retry, waitMs: undefined }),
});
