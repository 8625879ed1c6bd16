// Which scenarios must fail the trustworthy system without a protection, and through which checks. Everything else passes.
import type { CheckId } from "../../src/history/verdict.ts";

/** Removal (a name of examples/trustworthy-integration/protections.js) → scenario → checks, each of which must fail. */
export type ExpectedKills = Record<string, Record<string, CheckId[]>>;

export const REMOVALS: ExpectedKills = {
  timeout: { "unavailable/hangs": ["gives-up-waiting"] },
};

/** Other ways to build the same thing, all of them right. */
export const BENIGN = ["slower", "poll-only", "json-order", "extra-retries", "second-channel"] as const;
