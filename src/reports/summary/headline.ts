// The first line of every report: can I trust it?
import type { RunRecord } from "../../history/run-record.ts";
import type { Verdict } from "../../history/verdict.ts";
import { countOf } from "./words.ts";

export interface Headline {
  standing: Verdict;
  /** One or two words, in capitals. */
  answer: string;
  reason: string;
}

export function headlineOf(record: RunRecord, verdicts: Map<string, Verdict>): Headline {
  const total = verdicts.size;
  const having = (verdict: Verdict) => [...verdicts.values()].filter((one) => one === verdict).length;
  const [failed, inconclusive, errors] = [having("failed"), having("inconclusive"), having("error")];
  const rest = restOf(record);
  if (failed > 0) {
    return {
      standing: "failed",
      answer: "NO",
      reason: `${failed} of ${countOf(total, "scenario")} broke it${rest}`,
    };
  }
  if (errors > 0) {
    return {
      standing: "error",
      answer: "CANNOT TELL",
      reason: `neverfails itself failed in ${errors} of ${countOf(total, "scenario")}${rest}`,
    };
  }
  if (inconclusive > 0 || total === 0 || record.interrupted || record.notRun.length > 0) {
    const reason =
      inconclusive > 0
        ? `${inconclusive} of ${countOf(total, "scenario")} inconclusive`
        : `${having("passed")} of ${countOf(total + record.notRun.length, "scenario")} passed`;
    return { standing: "inconclusive", answer: "CANNOT TELL", reason: `${reason}${rest}` };
  }
  return {
    standing: "passed",
    answer: "NOTHING REFUTED IT",
    reason: total === 1 ? "the one scenario of this run passed" : `all ${total} scenarios passed`,
  };
}

function restOf({ notRun, interrupted }: RunRecord): string {
  const parts = [
    ...(notRun.length > 0 ? [`${notRun.length} not run`] : []),
    ...(interrupted ? ["interrupted"] : []),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
