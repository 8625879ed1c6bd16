// Claims such as "never loses a claim", mapped to the checks that could refute them.
import { EXPECTATION_IDS, INVARIANT_IDS } from "../../history/verdict.ts";
import type { Problem } from "../../lib/problem.ts";
import type { ConfigInput } from "../config-schema.ts";
import type { Claim } from "../types.ts";
import { didYouMean } from "./issues.ts";
import { type Path, problemAt, type Source } from "./source.ts";

export const CHECK_IDS: readonly string[] = [...EXPECTATION_IDS, ...INVARIANT_IDS];

/** What words of a sentence stand for. A sentence may match several. */
const SENTENCES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\bnever (fails?|breaks?)\b|\balways works?\b/i, CHECK_IDS],
  [/\b(lose|loses|lost|losing|forgets?|drops?|missing)\b/i, ["no-lost-transaction", "recovers"]],
  [
    /\b(twice|duplicates?|double|exactly[ -]once|at most once)\b/i,
    ["no-duplicate-effect", "no-duplicate-submission"],
  ],
  [/\b(alerts?|alerted|notif\w+|pages?|tells?|informs?|warns?)\b/i, ["alerts"]],
  [/\b(detects?|notices?|sees?)\b/i, ["detects"]],
  [/\b(recovers?|self-heal\w*|heals?)\b/i, ["recovers"]],
  [/\b(forge\w*|fake\w*|unsigned|spoof\w*|tamper\w*)\b/i, ["rejects-forgery"]],
  [/\b(wrong|invents?|made[- ]up|incorrect)\b/i, ["agrees-with-partner", "no-invented-result"]],
  [/\b(crash\w*|stays? up|goes down)\b/i, ["stays-up"]],
  [/\b(floods?|hammers?|overloads?|storms?)\b/i, ["no-retry-storm", "honours-retry-after"]],
];

/** Ids of checks for a sentence; empty when nothing in it is understood. */
export function checksOf(sentence: string): string[] {
  const found = SENTENCES.filter(([pattern]) => pattern.test(sentence)).flatMap(([, checks]) => checks);
  return [...new Set(found)];
}

export function toClaims(claims: ConfigInput["claims"]): Claim[] {
  return claims.map((claim) => (typeof claim === "string" ? { claim, checks: checksOf(claim) } : claim));
}

/** Unknown check ids, and sentences that stand for nothing that could be checked. */
export function checkClaims(claims: unknown, source: Source, base: Path): Problem[] {
  if (!Array.isArray(claims)) return [];
  return claims.flatMap((claim: unknown, i): Problem[] => {
    if (typeof claim === "string") {
      if (checksOf(claim).length > 0) return [];
      const hint = `say which checks would refute it: { claim: …, checks: [${CHECK_IDS[0]}, …] }`;
      return [problemAt(source, [...base, i], `nothing in "${claim}" can be mapped to a check`, { hint })];
    }
    const checks: unknown = typeof claim === "object" && claim !== null ? Reflect.get(claim, "checks") : [];
    return Array.isArray(checks)
      ? checks.flatMap((id, j) => checkId(id, source, [...base, i, "checks", j]))
      : [];
  });
}

function checkId(id: unknown, source: Source, path: Path): Problem[] {
  if (typeof id !== "string" || CHECK_IDS.includes(id)) return [];
  const hint = didYouMean(id, CHECK_IDS) ?? `known: ${CHECK_IDS.join(", ")}`;
  return [problemAt(source, path, `there is no check "${id}"`, { hint })];
}
