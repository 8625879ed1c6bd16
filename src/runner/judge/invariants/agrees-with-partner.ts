// At the end the system's settled states equal the ledger's outcomes: nothing lost, nothing unexpected.

import { expectedEffects } from "../ending.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import { ledgerSays, loggedOnly, shown } from "../wording.ts";
import { type Invariant, UNSEEN_STATES } from "./invariant.ts";

export const agreesWithPartner: Invariant = {
  summary:
    "at the end the settled states equal the ledger's outcomes; lost, unexpected, duplicated, recovered are reported",
  brokenBy: "any fault",
  check,
};

/** What was decided this shortly before the end may still be on its way. */
const GRACE_MS = 1_000;

function check(facts: Facts): CheckOutcome {
  if (facts.header.system.states === undefined) return UNSEEN_STATES;
  const comparable = facts.all.filter(
    ({ truth, ending, isCutOff }) =>
      // What the ledger decided is compared even where the system refused the start: the partner has it all the same.
      !isCutOff && (ending.kind === "right" || ending.kind === "wrong" || truth !== undefined),
  );
  const stories = comparable.flatMap((transaction) => judgeOne(facts, transaction));
  return { kind: "judged", exercised: comparable.length, stories, reason: account(facts, comparable) };
}

function judgeOne(facts: Facts, transaction: Case): Story[] {
  const { key, ending, truth, states, processed } = transaction;
  const text = `${ledgerSays(transaction, facts.header)}; ${shown(transaction, facts.endT)}`;
  const events = [truth?.seq, states.at(-1)?.seq, ...processed.map(({ seq }) => seq)];
  switch (ending.kind) {
    case "right":
    // Surfaced work is not claimed to be settled: the other checks say whether that is enough.
    case "attention":
      return [];
    case "wrong":
      // Effects are no-duplicate-effect's.
      if (ending.outcome === truth?.outcome) return [];
      return [{ status: "failed", key, text, events }];
    case "pending": {
      const isFresh = truth === undefined || facts.endT - truth.t < GRACE_MS;
      const log = loggedOnly(transaction, truth?.t ?? transaction.invoked.t);
      return [
        {
          status: isFresh ? "inconclusive" : "failed",
          key,
          text: `${text}${log.text}`,
          events: [...events, ...log.events],
        },
      ];
    }
    case "unreadable":
    case "unseen":
      return [{ status: "inconclusive", key, text, events }];
  }
}

/** Jepsen's four words for a set of writes. */
function account({ header }: Facts, comparable: readonly Case[]): string {
  const count = (test: (transaction: Case) => boolean) => comparable.filter(test).length;
  const lost = count(({ ending, truth }) => truth !== undefined && ending.kind === "pending");
  const unexpected = count(
    ({ ending, truth }) => ending.kind === "wrong" && ending.outcome !== truth?.outcome,
  );
  const duplicated = count(({ effects, truth }) => {
    const most = (truth && expectedEffects(header.system, truth.outcome)) ?? 1;
    return effects.some(({ value }) => value > Math.max(most, 1));
  });
  const recovered = count(({ ending, answered }) => ending.kind === "right" && answered?.kind !== "start.ok");
  return `${comparable.length} compared: ${lost} lost, ${unexpected} unexpected, ${duplicated} duplicated, ${recovered} recovered after a start that did not succeed`;
}
