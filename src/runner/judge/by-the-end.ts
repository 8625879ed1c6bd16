// Checks that ask what had come by the end: nothing that is seen breaks them, only what never came.
import type { CheckId } from "../../history/verdict.ts";

export const BY_THE_END: ReadonlySet<CheckId> = new Set<CheckId>([
  "detects",
  "alerts",
  "recovers",
  "absorbs",
  "no-lost-transaction",
  "agrees-with-partner",
  "durable-acknowledgement",
  "no-silent-discard",
]);
