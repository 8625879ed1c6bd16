// One pass over a history: everything that the checks ask for, grouped by transaction, with onsets, truth and endings.
import type { EventOf, HistoryEvent } from "../../history/event.ts";
import type { History, HistoryHeader } from "../../history/header.ts";
import { type Alert, provenChannels, readAlerts } from "./alerts.ts";
import { type Ending, endingOf, firstRight } from "./ending.ts";
import { type Onset, onsetsOf } from "./onset.ts";
import { type Interval, type Span, toSpans } from "./spans.ts";
import {
  type Callback,
  isKnown,
  ofKind,
  pairCallbacks,
  readTransaction,
  type Transaction,
} from "./transaction.ts";
import { type Truth, truthOf } from "./truth.ts";

/** A transaction with what was concluded about it. */
export interface Case extends Transaction {
  truth?: Truth;
  ending: Ending;
  /** When it was first right, kept or not. */
  firstRight?: Interval;
  /** One for each fault that it felt, earliest first. */
  onsets: Onset[];
  /**
   * The harness struck the system while it was being started, so nobody was told that it was taken, and no state of it
   * was ever seen: what became of it can be held neither for nor against the system.
   */
  isCutOff: boolean;
}

export interface SignalReading {
  value: number | string | boolean | null;
  healthy: boolean | null;
  error?: string;
}

export interface Facts {
  header: HistoryHeader;
  events: readonly HistoryEvent[];
  /** Time of the last event. */
  endT: number;
  /** Every transaction that was driven. */
  all: Case[];
  baseline: Case[];
  /** What the verdict is about: all but the baseline and what was cut off; the baseline itself when nothing else was driven. */
  scope: Case[];
  /** Transactions of the scope on which a fault fired. */
  affected: Case[];
  /** The affected ones that felt it. */
  withOnset: (Case & { onsets: [Onset, ...Onset[]] })[];
  /** The first onset of all, or the first strike at the process; undefined: nothing was ever broken for anybody. */
  firstOnset?: number;
  /** When the faults were armed, and when all were disarmed. */
  faultT?: number;
  healT?: number;
  /** Every alert but the canary's. */
  alerts: Alert[];
  proven: Set<string>;
  signals: Map<string, Span<SignalReading>[]>;
  /** Deliveries that name keys that nobody drove. */
  unknownCallbacks: Callback[];
  /** The longest stall of the harness, in milliseconds. */
  lagMs: number;
  /** True when every fault could spare somebody. */
  spares: boolean;
}

export function readFacts({ header, events }: History): Facts {
  const byKey = new Map<string, HistoryEvent[]>();
  const logsByKey = new Map<string, EventOf<"system.log">[]>();
  for (const event of events) {
    if (event.kind === "system.log") for (const key of event.keys) push(logsByKey, key, event);
    else if (event.key !== undefined) push(byKey, event.key, event);
  }
  const endT = events.reduce((latest, { t }) => Math.max(latest, t), 0);
  const all = [...firstStarts(events).values()].map((invoked) =>
    conclude(
      readTransaction(invoked, byKey.get(invoked.key) ?? [], logsByKey.get(invoked.key) ?? []),
      header,
      endT,
    ),
  );
  const others = all.filter(({ group }) => group !== "baseline");
  const baseline = all.filter(({ group }) => group === "baseline");
  const scope = (others.length > 0 ? others : baseline).filter(({ isCutOff }) => !isCutOff);
  // A channel in trouble breaks no promise to a transaction.
  const mute = new Set(header.faults.filter(({ onset }) => onset === "none").map(({ index }) => index));
  const affected = others.filter(
    ({ fired, group, isCutOff }) =>
      fired.some(({ fault }) => !mute.has(fault)) && group !== "probe" && !isCutOff,
  );
  const withOnset = affected.filter(hasOnset);
  const phases = ofKind(events, "phase.entered");
  const faultT = phases.find(({ entered }) => entered === "fault")?.t;
  const healT = phases.find(({ entered }) => entered === "heal")?.t;
  const firsts = [...withOnset.map(({ onsets }) => onsets[0].t), ...strikes(header, events, faultT)];
  const known = new Set(all.map(({ key }) => key));
  const strangers = all.flatMap(({ strays }) =>
    strays.filter(({ sent }) => !known.has(sent.reference ?? sent.key)),
  );
  return {
    header,
    events,
    endT,
    all,
    baseline,
    scope,
    affected,
    withOnset,
    ...(firsts.length > 0 ? { firstOnset: Math.min(...firsts) } : {}),
    ...(faultT === undefined ? {} : { faultT }),
    ...(healT === undefined ? {} : { healT }),
    alerts: readAlerts(header, events, all),
    proven: provenChannels(events),
    signals: readSignals(events),
    unknownCallbacks: [
      ...strangers,
      ...pairCallbacks([...byKey].filter(([key]) => !known.has(key)).flatMap(([, about]) => about)),
    ],
    lagMs: Math.max(0, ...ofKind(events, "harness.lag").map(({ ms }) => ms)),
    spares: header.faults.every(({ spares }) => spares),
  };
}

/** When the harness struck the process itself: the system may say so though nothing was in flight. */
function strikes(header: HistoryHeader, events: readonly HistoryEvent[], faultT?: number): number[] {
  if (faultT === undefined || !header.faults.some(({ onset }) => onset === "signal")) return [];
  const exits = ofKind(events, "system.exited").filter(({ expected }) => expected);
  return [...exits, ...ofKind(events, "system.paused")].map(({ t }) => t).filter((t) => t >= faultT);
}

function conclude(transaction: Transaction, header: HistoryHeader, endT: number): Case {
  const truth = truthOf(transaction);
  const right = firstRight(transaction, truth, header.system);
  return {
    ...transaction,
    ...(truth ? { truth } : {}),
    ...(right ? { firstRight: right } : {}),
    ending: endingOf(transaction, truth, header.system),
    onsets: onsetsOf(transaction, {
      faults: header.faults,
      promisesMs: header.partner.promisesMs,
      endT,
      truth,
    }),
    isCutOff: wasCutOff(transaction),
  };
}

function wasCutOff({ invoked, answered, fired, states }: Transaction): boolean {
  if (answered?.kind !== "start.unknown" || states.some(({ value }) => isKnown(value))) return false;
  return fired.some(({ point, t }) => point === "system" && t >= invoked.t && t <= answered.t);
}

function hasOnset(transaction: Case): transaction is Case & { onsets: [Onset, ...Onset[]] } {
  return transaction.onsets.length > 0;
}

function firstStarts(events: readonly HistoryEvent[]): Map<string, EventOf<"start.invoked">> {
  const starts = new Map<string, EventOf<"start.invoked">>();
  for (const event of ofKind(events, "start.invoked"))
    if (!starts.has(event.key)) starts.set(event.key, event);
  return starts;
}

function readSignals(events: readonly HistoryEvent[]): Map<string, Span<SignalReading>[]> {
  const samples = new Map<string, EventOf<"system.signal">[]>();
  for (const event of ofKind(events, "system.signal")) push(samples, event.name, event);
  return new Map(
    [...samples].map(([name, readings]) => [
      name,
      toSpans(
        readings.map(({ value, healthy, error, since, t, seq }) => ({
          value: { value, healthy, ...(error === undefined ? {} : { error }) },
          since,
          t,
          seq,
        })),
        // Another number is no other health.
        (a, b) => a.healthy === b.healthy && (a.value === null) === (b.value === null),
      ),
    ]),
  );
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
