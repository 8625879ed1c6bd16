// Claims held against the run: refuted, not refuted, or not tested. Never proved.
import type { ClaimResult } from "../../history/run-record.ts";
import type { Verdict } from "../../history/verdict.ts";
import type { Standing } from "./business.ts";
import { countOf } from "./words.ts";

export interface ClaimAnswer {
  claim: string;
  standing: "refuted" | "not-refuted" | "not-tested";
  /** `refuted by 5 of 6 scenarios`. */
  result: string;
  /** What keeps the result from being the whole answer: inconclusive scenarios, scenarios that were not run. */
  reservation?: string;
  refutedBy: { scenario: string; check: string; text: string }[];
}

/** `"<system> never fails"`, the claim that every run is about. */
export function answerMainClaim(system: string, verdicts: Map<string, Verdict>, notRun: number): ClaimAnswer {
  const tally = { passed: 0, failed: 0, inconclusive: 0, error: 0 };
  for (const verdict of verdicts.values()) tally[verdict] += 1;
  const reservations = [
    ...(tally.inconclusive > 0 ? [`${tally.inconclusive} inconclusive`] : []),
    ...(tally.error > 0 ? [`${tally.error} with an error of the harness`] : []),
    ...(notRun > 0 ? [`${notRun} not run`] : []),
  ];
  const answer =
    tally.failed > 0
      ? ({
          standing: "refuted",
          result: `refuted by ${tally.failed} of ${countOf(verdicts.size, "scenario")}`,
        } as const)
      : tally.passed > 0
        ? ({
            standing: "not-refuted",
            result: `not refuted by ${countOf(tally.passed, "scenario")}`,
          } as const)
        : ({ standing: "not-tested", result: "not tested: no scenario reached a verdict" } as const);
  return {
    claim: `${system} never fails`,
    ...answer,
    ...(reservations.length === 0 ? {} : { reservation: reservations.join(", ") }),
    refutedBy: [],
  };
}

export function answerClaim({ claim, refutedBy, notRefutedBy }: ClaimResult): ClaimAnswer {
  const refuting = new Set(refutedBy.map(({ scenario }) => scenario)).size;
  if (refuting > 0)
    return { claim, standing: "refuted", result: `refuted by ${countOf(refuting, "scenario")}`, refutedBy };
  return notRefutedBy > 0
    ? {
        claim,
        standing: "not-refuted",
        result: `not refuted by ${countOf(notRefutedBy, "scenario")}`,
        refutedBy,
      }
    : { claim, standing: "not-tested", result: "not tested: no scenario exercised its checks", refutedBy };
}

/** Not refuted by half of a run is not an answer yet. */
export function claimStanding({ standing, reservation }: ClaimAnswer): Standing {
  switch (standing) {
    case "refuted":
      return "bad";
    case "not-refuted":
      return reservation === undefined ? "good" : "unknown";
    case "not-tested":
      return "unknown";
  }
}
