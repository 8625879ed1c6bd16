// The claims, each refuted or not refuted; and what to do next.
import type { RunRecord } from "../../history/run-record.ts";
import { type ClaimAnswer, claimStanding } from "../summary/claims.ts";
import type { Summary } from "../summary/summary.ts";
import { STANDING_SYMBOL, shortListOf } from "../summary/words.ts";
import { truncate } from "../text/layout.ts";
import { STANDING_STYLE } from "../text/paint.ts";
import { plain } from "../text/plain.ts";
import { rerunCommand, shellWord } from "../text/shell.ts";
import { hanging, heading, type Pen } from "./pen.ts";

const LONGEST_CLAIM = 160;

export function claimLines(pen: Pen, { claims }: Summary): string[] {
  return [...heading(pen, "Claims"), ...claims.flatMap((claim) => claimLine(pen, claim))];
}

export function claimLine(pen: Pen, answer: ClaimAnswer): string[] {
  const { claim, result, reservation, refutedBy } = answer;
  const [first] = refutedBy;
  const standing = claimStanding(answer);
  const style = STANDING_STYLE[standing];
  return [
    ...hanging(pen, {
      lead: `${STANDING_SYMBOL[standing]} `,
      leadStyle: style,
      text: `"${truncate(plain(claim), LONGEST_CLAIM)}": ${result}${reservation ? ` (${reservation})` : ""}`,
      style: ["bold", style],
    }),
    ...(first
      ? hanging(pen, {
          lead: "    ",
          text: plain(`${first.scenario} · ${first.check}: ${first.text}`),
          style: "dim",
        })
      : []),
  ];
}

/** `runFolder`: where the reports of this run are, as the user may type it. */
export function nextStepLines(
  pen: Pen,
  record: RunRecord,
  { scenarios, notRun }: Summary,
  runFolder: string | undefined,
): string[] {
  const example = scenarios.find(({ verdict }) => verdict !== "passed") ?? scenarios[0];
  const steps: [string, string][] = [
    ...(notRun.length > 0 ? [["not run", shortListOf(notRun, 6)] as [string, string]] : []),
    ...(runFolder === undefined ? [] : [["evidence", runFolder] as [string, string]]),
    ...(example === undefined
      ? []
      : [["run one again", rerunCommand(example.id, record)] as [string, string]]),
    ...(runFolder === undefined
      ? []
      : [["replay", `neverfails replay ${shellWord(runFolder)}`] as [string, string]]),
  ];
  if (steps.length === 0) return [];
  return [
    "",
    ...steps.flatMap(([name, text]) =>
      hanging(pen, { lead: name.padEnd(15), leadStyle: "dim", text: plain(text) }),
    ),
  ];
}
