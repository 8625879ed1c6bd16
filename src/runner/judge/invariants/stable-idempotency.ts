// Attempts for one transaction carry one idempotency key and one body; two transactions never share a key.
import type { Case, Facts } from "../facts.ts";
import { type CheckOutcome, listKeys, type Story } from "../outcome.ts";
import type { SubmitAttempt } from "../transaction.ts";
import { at, quote } from "../wording.ts";
import type { Invariant } from "./invariant.ts";

export const stableIdempotency: Invariant = {
  summary:
    "attempts for one transaction carry one idempotency key and one body; two transactions never share a key",
  brokenBy: "reply lost after accept, timeouts, two submissions at once",
  check,
};

function check({ all, header }: Facts): CheckOutcome {
  if (!header.partner.idempotent) {
    return { kind: "judged", exercised: 0, stories: [], reason: "the contract keeps no idempotency keys" };
  }
  const withKeys = all.filter(({ submits }) =>
    submits.some(({ received }) => received.idempotencyKey !== undefined),
  );
  const repeated = all.filter(({ submits }) => submits.length > 1);
  return {
    kind: "judged",
    exercised: Math.max(repeated.length, withKeys.length > 1 ? withKeys.length : 0),
    stories: [...repeated.flatMap(changed), ...shared(withKeys)],
    ...(repeated.length === 0 ? { reason: "nothing was sent twice" } : {}),
  };
}

function changed(transaction: Case): Story[] {
  const { key, submits } = transaction;
  for (const [index, attempt] of submits.entries()) {
    const previous = submits[index - 1];
    if (!previous || isFreshStart(transaction, previous, attempt)) continue;
    const [before, now] = [previous.received, attempt.received];
    const what = [
      before.idempotencyKey === now.idempotencyKey
        ? []
        : [`another idempotency key (${name(before)}, then ${name(now)})`],
      before.bodyHash === now.bodyHash ? [] : ["another body"],
    ].flat();
    if (what.length === 0) continue;
    const text = `attempt ${now.attempt} ${at(now.t)} carried ${what.join(" and ")} than attempt ${before.attempt} ${at(before.t)}`;
    return [{ status: "failed", key, text, events: [before.seq, now.seq] }];
  }
  return [];
}

/** After a final refusal, a loss at the partner or an operator's replay it is new work, under a new key if it likes. */
function isFreshStart(
  { lost, replays }: Case,
  { received, end }: SubmitAttempt,
  next: SubmitAttempt,
): boolean {
  const isBetween = ({ t }: { t: number }) => t >= received.t && t <= next.received.t;
  if (end?.kind === "submit.replied" && (end.status === 400 || end.status === 422)) return true;
  return lost.some(isBetween) || replays.some(isBetween);
}

function shared(transactions: readonly Case[]): Story[] {
  const users = new Map<string, Map<string, number>>();
  for (const { key, submits } of transactions) {
    for (const { received } of submits) {
      if (received.idempotencyKey === undefined) continue;
      const usedBy = users.get(received.idempotencyKey) ?? new Map<string, number>();
      if (!usedBy.has(key)) usedBy.set(key, received.seq);
      users.set(received.idempotencyKey, usedBy);
    }
  }
  return [...users].flatMap(([idempotencyKey, usedBy]): Story[] => {
    if (usedBy.size < 2) return [];
    const text = `the idempotency key ${quote(idempotencyKey)} was used for ${listKeys([...usedBy.keys()])}`;
    return [{ status: "failed", text, events: [...usedBy.values()] }];
  });
}

function name({ idempotencyKey }: SubmitAttempt["received"]): string {
  return idempotencyKey === undefined ? "none" : quote(idempotencyKey);
}
