// The claims, each refuted or not refuted; and what to do next.
import type { RunRecord } from "../../history/run-record.ts";
import type { ClaimAnswer } from "../summary/claims.ts";
import type { Summary } from "../summary/summary.ts";
import { shortListOf } from "../summary/words.ts";
import type { Style } from "../text/paint.ts";
import { plain } from "../text/plain.ts";
import { hanging, heading, type Pen } from "./pen.ts";

export const CLAIM_STYLE: Record<ClaimAnswer["standing"], Style> = {
  refuted: "red",
  "not-refuted": "green",
  "not-tested": "yellow",
};
export const CLAIM_SYMBOL: Record<ClaimAnswer["standing"], string> = {
  refuted: "✗",
  "not-refuted": "✓",
  "not-tested": "?",
};

export function claimLines(pen: Pen, { claims }: Summary): string[] {
  return [...heading(pen, "Claims"), ...claims.flatMap((claim) => claimLine(pen, claim))];
}

export function claimLine(
  pen: Pen,
  { claim, standing, result, reservation, refutedBy }: ClaimAnswer,
): string[] {
  const [first] = refutedBy;
  const style = CLAIM_STYLE[standing];
  return [
    ...hanging(pen, {
      lead: `${CLAIM_SYMBOL[standing]} `,
      leadStyle: style,
      text: `"${plain(claim)}": ${result}${reservation ? ` (${reservation})` : ""}`,
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
      : [["run one again", `neverfails run ${example.id} --seed ${record.seed}`] as [string, string]]),
    ...(runFolder === undefined ? [] : [["replay", `neverfails replay ${runFolder}`] as [string, string]]),
  ];
  if (steps.length === 0) return [];
  return [
    "",
    ...steps.flatMap(([name, text]) =>
      hanging(pen, { lead: name.padEnd(15), leadStyle: "dim", text: plain(text) }),
    ),
  ];
}
