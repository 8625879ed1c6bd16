// One line a scenario; what did not pass is expanded with the evidence.
import type { CheckResult, CheckStatus, Verdict } from "../../history/verdict.ts";
import { evidenceOf, waiverOf } from "../summary/findings.ts";
import type { ScenarioSummary } from "../summary/scenarios.ts";
import { countOf } from "../summary/words.ts";
import { displayWidth, padEnd } from "../text/layout.ts";
import type { Style } from "../text/paint.ts";
import { plain } from "../text/plain.ts";
import { hanging, type Pen } from "./pen.ts";
import { type Columns, type Row, rowLine } from "./table.ts";

const INDENT = "    ";
/** Lines of evidence per check; run.json has all of them. */
const SHOWN_FINDINGS = 3;

const STATUS_STYLE: Record<CheckStatus, Style> = {
  passed: "green",
  failed: "red",
  error: "magenta",
  inconclusive: "yellow",
  "not-exercised": "yellow",
  "cannot-tell": "yellow",
  waived: "yellow",
};

export const ABSORBED: Record<Verdict, string> = {
  passed: "absorbed",
  failed: "not absorbed",
  inconclusive: "has to be absorbed",
  error: "has to be absorbed",
};

export function scenarioRow({ verdict, label, title, readings, record }: ScenarioSummary): Row {
  const isAbsorbing =
    record.scenario.expect.absorbs === true && Object.keys(record.scenario.expect).length === 1;
  return {
    verdict,
    label: plain(label),
    title: plain(title),
    readings,
    ...(isAbsorbing ? { remark: ABSORBED[verdict] } : {}),
  };
}

export function scenarioLines(pen: Pen, columns: Columns, scenario: ScenarioSummary): string[] {
  const line = rowLine(pen, columns, scenarioRow(scenario));
  const title = plain(scenario.title);
  const waived = scenario.waived.flatMap((check) => waivedLines(pen, check));
  if (scenario.verdict === "passed") return [line, ...waived];
  const idWidth = Math.max(0, ...scenario.decisive.map(({ id }) => id.length)) + 2;
  return [
    line,
    ...(columns.title >= displayWidth(title)
      ? []
      : hanging(pen, { lead: INDENT, text: title, style: "dim" })),
    ...scenario.reasons.flatMap((reason) =>
      hanging(pen, { lead: INDENT, text: plain(reason), style: "yellow" }),
    ),
    ...scenario.decisive.flatMap((check) => checkLines(pen, check, idWidth)),
    ...waived,
    ...(scenario.loggedOnly > 0
      ? hanging(pen, {
          lead: INDENT,
          text: `${countOf(scenario.loggedOnly, "failure")} logged only: a line in a log is no detection`,
          style: "yellow",
        })
      : []),
    "",
  ];
}

function checkLines(pen: Pen, check: CheckResult, idWidth: number): string[] {
  const { lines, more } = evidenceOf(check, SHOWN_FINDINGS);
  const addition = check.findings.length > 0 && check.reason !== undefined ? [check.reason] : [];
  const texts = [...lines, ...(more > 0 ? [`+${more} more`] : []), ...addition];
  return texts.flatMap((text, index) =>
    hanging(pen, {
      lead: INDENT + padEnd(index === 0 ? check.id : "", idWidth),
      leadStyle: STATUS_STYLE[check.status],
      text: plain(text),
    }),
  );
}

function waivedLines(pen: Pen, check: CheckResult): string[] {
  return hanging(pen, {
    lead: `${INDENT}waived  `,
    leadStyle: "yellow",
    text: plain(`${check.id}: ${waiverOf(check)}`),
  });
}
