// `absorbs`: the fault does no visible harm and wakes nobody.
import { isCertain } from "../ending.ts";
import type { Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import { at, ledgerSays, loggedOnly, quote, shown, startTrouble } from "../wording.ts";
import { unfelt } from "./detects.ts";

export function absorbs(facts: Facts): CheckOutcome {
  const { header, proven } = facts;
  if (header.system.states === undefined) {
    return {
      kind: "cannot-tell",
      reason: "`workflow.inspect` is missing, so nobody can see what became of a transaction",
    };
  }
  const silent = header.system.channels.filter(({ name }) => !proven.has(name)).map(({ name }) => name);
  // One channel that hears says nothing about another that may not.
  const isDeaf = silent.length > 0 || header.system.channels.length === 0;
  return {
    kind: "judged",
    exercised: header.faults.length === 0 ? facts.scope.length : facts.affected.length,
    stories: [...unsettled(facts), ...woken(facts)],
    ...(facts.affected.length === 0 && header.faults.length > 0 ? unfelt(facts) : {}),
    ...(isDeaf ? { untold: noProof(silent) } : {}),
  };
}

function noProof(silent: readonly string[]): string {
  if (silent.length === 0) return "whether anybody was woken cannot be told: no alert channel is configured";
  return `whether anybody was woken cannot be told: nothing ever arrived on ${silent.join(", ")}, not even a canary`;
}

function unsettled(facts: Facts): Story[] {
  return facts.scope.flatMap((transaction): Story[] => {
    const { key, ending, states } = transaction;
    if (ending.kind === "right") return [];
    const trouble = startTrouble(transaction);
    const log = loggedOnly(transaction, transaction.invoked.t);
    const text = `${trouble ? `${trouble.text}; ` : ""}${ledgerSays(transaction, facts.header)}; ${shown(transaction, facts.endT)}${log.text}`;
    const isKnown = trouble !== undefined || isCertain(ending);
    return [
      {
        status: isKnown ? "failed" : "inconclusive",
        key,
        text,
        events: [trouble?.seq, states.at(-1)?.seq, ...log.events],
      },
    ];
  });
}

/** From the first onset on, or from the first firing when nobody felt it: earlier alerts are no-false-alarm's. */
function woken({ alerts, firstOnset, affected }: Facts): Story[] {
  const from =
    firstOnset ?? Math.min(...affected.map(({ fired }) => fired[0]?.t ?? Number.POSITIVE_INFINITY));
  return alerts
    .filter(({ fired }) => fired.t >= from)
    .map(({ fired }) => ({
      status: "failed",
      text: `nobody was to be woken, but an alert came on ${fired.channel} ${at(fired.t)}: ${quote(fired.text)}`,
      events: [fired.seq],
    }));
}
