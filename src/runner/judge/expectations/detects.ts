// `detects`: for every transaction that felt a fault, a sign within the time allowed that the system knows.
import type { DetectThrough, Expectations } from "../../../history/header.ts";
import { formatDuration } from "../../../lib/duration.ts";
import { ALL_WAYS, type Sign, signsOf } from "../evidence.ts";
import type { Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import { against } from "../spans.ts";
import { at, broken, loggedOnly, shown } from "../wording.ts";

type Demand = NonNullable<Expectations["detects"]>;
type Affected = Facts["withOnset"][number];

export function detects(facts: Facts, demand: Demand): CheckOutcome {
  const through = demand.through && demand.through.length > 0 ? demand.through : ALL_WAYS;
  const observable = through.filter((way) => isObservable(facts, way));
  if (observable.length === 0) {
    return {
      kind: "cannot-tell",
      reason: `detection through ${through.join(" or ")} cannot be observed: none that could tell is configured`,
    };
  }
  const stories = facts.withOnset.flatMap((transaction) => judgeOne(facts, transaction, demand, observable));
  return { kind: "judged", exercised: facts.withOnset.length, stories, ...unfelt(facts) };
}

/** Why nothing was exercised, or that some affected transactions never felt their fault. */
export function unfelt({ affected, withOnset, header }: Facts): { reason?: string } {
  if (affected.length === 0) return { reason: "no fault fired on any transaction" };
  const rest = affected.length - withOnset.length;
  if (rest === 0) return {};
  const noun = `${header.system.noun}${rest === 1 ? "" : "s"}`;
  return {
    reason: `${rest} affected ${noun} had the result before ${header.partner.name} broke its promise`,
  };
}

function judgeOne(
  facts: Facts,
  transaction: Affected,
  demand: Demand,
  through: readonly DetectThrough[],
): Story[] {
  const onset = transaction.onsets[0];
  const deadline = onset.t + demand.withinMs;
  const signs = signsOf(facts, transaction, onset, through);
  const judged = signs.map((sign) => against(sign, deadline));
  if (judged.includes("in-time")) return [];
  const proof = { key: transaction.key, timing: true as const };
  const due = `${broken(onset)}; a sign that the system knows was due by ${formatDuration(deadline)}`;
  const unsure = signs[judged.indexOf("straddles")];
  if (unsure) {
    const text = `${due}; ${describe(unsure)}: before or after the deadline cannot be told`;
    return [{ ...proof, status: "inconclusive", text, events: [onset.seq, unsure.seq] }];
  }
  const log = loggedOnly(transaction, onset.t);
  const first = signs[0];
  if (first) {
    return [
      {
        ...proof,
        status: "failed",
        text: `${due}, the first one came ${describe(first)}${log.text}`,
        events: [onset.seq, first.seq, ...log.events],
      },
    ];
  }
  if (facts.endT < deadline) {
    const text = `${due}, none came before the run ended ${at(facts.endT)}`;
    return [{ ...proof, status: "inconclusive", text, events: [onset.seq] }];
  }
  const text = `${due}, none came (${through.join(", ")}); ${shown(transaction, facts.endT)}${log.text}`;
  return [
    { ...proof, status: "failed", text, events: [onset.seq, ...log.events, transaction.states.at(-1)?.seq] },
  ];
}

function isObservable({ header, signals }: Facts, way: DetectThrough): boolean {
  switch (way) {
    case "state":
      return header.system.states !== undefined;
    case "signal":
      // A number says nothing about health by itself.
      return header.system.signals.some((name) =>
        signals.get(name)?.some(({ value }) => value.healthy !== null),
      );
    case "alert":
      return header.system.channels.length > 0;
    case "action":
      return true;
  }
}

function describe({ through, after, by }: Sign): string {
  if (after === by) return `${at(by)} (${through})`;
  const end = Number.isFinite(by) ? formatDuration(by) : "some later moment";
  return `between ${formatDuration(after)} and ${end} (${through})`;
}
