// Why a run proves less than it seems to: a fault that never fired, a sick baseline, control that did not settle.
import type { Case, Facts } from "./facts.ts";
import { listKeys } from "./outcome.ts";
import { ofKind } from "./transaction.ts";
import { ledgerSays, shown, startTrouble } from "./wording.ts";

/** Sentences; each of them makes the verdict `inconclusive` unless a check has already decided it. */
export function vacuousReasons(facts: Facts): string[] {
  const incomplete = ofKind(facts.events, "phase.incomplete").map(({ reason, keys }) =>
    keys.length === 0 ? reason : `${reason} (${listKeys(keys)})`,
  );
  if (facts.all.length === 0) return ["no transaction was driven", ...incomplete];
  if (facts.header.faults.length === 0) return incomplete;
  if (endedBeforeFaults(facts)) return [...sickBaseline(facts), ...incomplete];
  return [...neverFired(facts), ...sickBaseline(facts), ...unsettledControl(facts), ...incomplete];
}

/** The system was sick already, so no fault was ever armed: nothing that went wrong can be held against it under one. */
export function endedBeforeFaults({ header, faultT }: Facts): boolean {
  return header.faults.length > 0 && faultT === undefined;
}

/** The scenario did not come to its end: it was interrupted, or the harness could not go on. */
export function breaksOff({ events }: Facts): boolean {
  return ofKind(events, "phase.incomplete").some(({ cut }) => cut === true);
}

/** The steady state is the subject of a scenario without faults: whatever does not settle right there fails it. */
export function unsteadyReasons(facts: Facts): string[] {
  if (facts.header.faults.length > 0 || breaksOff(facts)) return [];
  return facts.all
    .filter((transaction) => !isHealthy(facts, transaction))
    .map((transaction) => `steady state: ${story(facts, transaction)}`);
}

const TLS = "connection.tls";
/** A system that is attached knows one address of the partner. */
const PLAIN = "; where the system is attached, the contract has to say `tls: true`";
const DISTRUST =
  "; the partner spoke https here, so the system has to trust the authority in the file {{ partner.ca }}";

function neverFired({ header, events }: Facts): string[] {
  const fired = new Set(ofKind(events, "fault.fired").map(({ fault }) => fault));
  return header.faults
    .filter(({ index }) => !fired.has(index))
    .map(
      ({ fault, position }) =>
        `the fault ${fault}${position === undefined ? "" : ` (${position})`} never fired${fault === TLS ? PLAIN : ""}`,
    );
}

function sickBaseline(facts: Facts): string[] {
  if (facts.baseline.length === 0)
    return ["there was no baseline: nothing shows that the system works without faults"];
  const sick = facts.baseline.filter((transaction) => !wasSteady(facts, transaction));
  if (sick.length === 0) return [];
  const [first] = sick;
  const rest = sick.length > 1 ? ` (and ${sick.length - 1} more)` : "";
  const hint = facts.header.faults.some(({ fault }) => fault === TLS) ? DISTRUST : "";
  return first ? [`the baseline was already sick: ${story(facts, first)}${rest}${hint}`] : [];
}

/** It was right before the faults began; what became of it later is the invariants' business. */
function wasSteady(facts: Facts, transaction: Case): boolean {
  if (facts.header.system.states === undefined) return isHealthy(facts, transaction);
  const { firstRight } = transaction;
  return firstRight !== undefined && firstRight.after <= (facts.faultT ?? facts.endT);
}

/** Without `inspect`, a start that succeeded and a submission that was decided are all that can be seen. */
function isHealthy({ header }: Facts, { answered, ending, truth }: Case): boolean {
  if (header.system.states !== undefined) return ending.kind === "right";
  return answered?.kind === "start.ok" && truth !== undefined;
}

/** Where nobody could be spared, what was driven after heal takes the control group's place. */
function unsettledControl(facts: Facts): string[] {
  const group = facts.spares ? "control" : "probe";
  const members = facts.scope.filter((transaction) => transaction.group === group);
  if (!facts.spares && members.length === 0) {
    return [
      "nobody could be spared from the faults, and nothing was driven after heal in place of a control group",
    ];
  }
  const sick = members.filter((transaction) => !isHealthy(facts, transaction));
  if (sick.length === 0) return [];
  const who = facts.spares ? "were spared" : "were driven after heal";
  return [
    `${sick.length} of ${members.length} transactions that ${who} did not settle right (${listKeys(sick.map(({ key }) => key))})`,
  ];
}

function story(facts: Facts, transaction: Case): string {
  const trouble = startTrouble(transaction);
  const subject = `${facts.header.system.noun} ${transaction.key}`;
  const end = facts.header.system.states === undefined ? "" : `; ${shown(transaction, facts.endT)}`;
  return `${subject}: ${trouble ? `${trouble.text}; ` : ""}${ledgerSays(transaction, facts.header)}${end}`;
}
