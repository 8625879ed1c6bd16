// The plan: a schedule that is armed. Lookups per fault point are pure; what fired is recorded once.
import type { Mutant } from "../../history/event.ts";
import type { HistoryLog } from "../../history/history.ts";
import { choose } from "../../lib/choice.ts";
import type { Clock } from "../../lib/clock.ts";
import { isFinal, type Stage } from "../contract/stages.ts";
import { faultNamed } from "../faults/catalogue.ts";
import type { ConnectionBreak, Fault, FaultContext, FaultPoint } from "../faults/fault.ts";
import type { Schedule, ScheduledFault } from "./schedule.ts";
import { rankOfArrival, selectsArrival } from "./selection.ts";
import { createTokenBucket, type TokenBucket } from "./token-bucket.ts";
import { isInForce, nextEdgeMs, windowBeganMs, windowEndMs } from "./window.ts";

/** A fault that applies here and now. */
export interface ActiveFault {
  /** Position in the schedule. */
  readonly index: number;
  readonly fault: Fault;
  /** Parsed by the fault's own schema; one object for as long as the fault is armed. */
  readonly settings: Record<string, unknown>;
  readonly context: FaultContext;
}

/** Whom a lookup is about. */
export interface Subject {
  key: string;
  ordinal: number;
  /** What is being reported, at the points callback and payload; absent for a contract without stages. */
  reports?: Stage | undefined;
  /** Milliseconds from now until the result is decided, where an earlier stage is reported. */
  decidedInMs?: number;
  /** True while the reply to its submission waits for the result to be reported (callback.early). */
  isReplyHeld?: boolean;
}

/** What faults may know of the contract. */
export interface PlanFacts {
  outcomes: readonly string[];
  promisesMs: number;
  /** Names in order; absent for a contract without stages. */
  stages?: readonly string[] | undefined;
  /** True when the partner speaks https; otherwise nobody meets its certificate. */
  tls?: boolean;
}

export interface PlannedOutage {
  /** Undefined: connections are met as they should be. */
  kind: ConnectionBreak["kind"] | undefined;
  /** Milliseconds on the run's clock at which that may change; undefined: not any more. */
  untilMs: number | undefined;
}

export interface Plan {
  readonly schedule: Schedule;
  /** Milliseconds from arming until the last window has ended (flapping: the second outage). 0 without windows. */
  readonly lastWindowEndMs: number;
  /** True when the last window has ended; `nowMs` on the run's clock. False before it is armed. */
  isOver(nowMs?: number): boolean;
  /** The fault phase begins. Called by the partner. */
  arm(facts: PlanFacts): void;
  /** Every fault is over. Called by the partner. */
  disarm(): void;
  /**
   * Faults that apply to a transaction's nth attempt at a point, in the order of the schedule. A fault with a quota
   * spends it here, so this is called once for each request.
   */
  at(point: FaultPoint, subject: Subject, attempt: number): readonly ActiveFault[];
  /** Records that a fault shaped something, once per fault, transaction, point and attempt. */
  fired(active: ActiveFault): void;
  /** Records what a fault could make of a payload, as far as it has not been said before. */
  derived(active: ActiveFault, mutants: readonly Mutant[]): void;
  /** What breaks connections now, before anybody can know whose they are. */
  outage(): PlannedOutage;
  /**
   * The runner calls this when it starts a transaction. A fault that breaks connections for everyone fires for it, as
   * the partner never sees the attempt. Does nothing at other times.
   */
  startedWhileRefused(key: string): void;
}

export interface PlanOptions {
  schedule: Schedule;
  clock: Clock;
  /** 1-based position of a transaction, if it was planned. */
  ordinalOf: (key: string) => number | undefined;
  history: HistoryLog;
}

interface Entry extends ScheduledFault {
  definition: Fault;
  parsed: Record<string, unknown>;
  /** Ordinal → position among those that were selected. */
  ranks: ReadonlyMap<number, number>;
  /** The same for arrivals whom no rule gives a position, in the order in which they were met. */
  counted: Map<number, number>;
  breaks: ConnectionBreak | undefined;
}

const NONE: readonly ActiveFault[] = [];

export function createPlan({ schedule, clock, ordinalOf, history }: PlanOptions): Plan {
  const { seed, scenario } = schedule;
  const entries = schedule.faults.map(toEntry);
  const byPoint = groupByPoint(entries);
  const listening = entries.filter(({ breaks }) => breaks && isForEveryone(breaks));
  const lastWindowEndMs = Math.max(0, ...entries.map(({ during }) => windowEndMs(during)));
  const recorded = new Set<string>();
  /** By index of the fault. */
  const buckets = new Map<number, TokenBucket>();
  const derived = new Set<string>();
  let facts: PlanFacts = { outcomes: [], promisesMs: 0 };
  let armedMs: number | undefined;
  let isDisarmed = false;

  const inForce = (entry: Entry, nowMs: number) =>
    armedMs !== undefined &&
    !isDisarmed &&
    isInForce(entry.during, nowMs - armedMs) &&
    (facts.tls || !entry.definition.needsTls);

  function contextOf(entry: Entry, subject: Subject, attempt: number): FaultContext {
    const { key, ordinal, reports, decidedInMs, isReplyHeld } = subject;
    const nowMs = clock.now();
    // Each stage has dice of its own; without stages, they are the transaction's.
    const stage = reports ? [reports.name] : [];
    return {
      key,
      ordinal,
      attempt,
      fault: entry.index,
      choose: (purpose) => choose(seed, scenario, "fault", entry.index, ordinal, attempt, purpose, ...stage),
      dealing: {
        rank: rankOf(entry, ordinal),
        choose: (purpose) => choose(seed, scenario, "deal", entry.index, purpose, ...stage),
      },
      outcomes: facts.outcomes,
      promisesMs: facts.promisesMs,
      ...(facts.stages && { stages: facts.stages }),
      wallMs: clock.originMs + nowMs,
      ...(armedMs !== undefined && {
        inForceSinceMs: armedMs + windowBeganMs(entry.during, nowMs - armedMs),
      }),
      ...ration(entry, nowMs),
      ...(armedMs !== undefined && { sinceArmedMs: nowMs - armedMs }),
      ...(reports && { reports }),
      ...(decidedInMs !== undefined && { decidedInMs }),
      ...(isReplyHeld && { isReplyHeld }),
    };
  }

  function rankOf({ ranks, counted, arrivals, arrivedBefore }: Entry, ordinal: number): number {
    const planned = ranks.get(ordinal);
    if (planned !== undefined) return planned;
    if (!arrivals) return Math.max(0, ordinal - 1);
    const known = rankOfArrival(arrivals, ordinal, arrivedBefore);
    if (known !== undefined) return known;
    const rank = counted.get(ordinal) ?? counted.size;
    counted.set(ordinal, rank);
    return rank;
  }

  function ration({ index, definition, parsed }: Entry, nowMs: number): Pick<FaultContext, "ration"> {
    if (definition.quota === undefined) return {};
    const bucket = buckets.get(index) ?? createTokenBucket(definition.quota(parsed));
    buckets.set(index, bucket);
    return { ration: bucket.take(nowMs) };
  }

  function hits({ selected, ranks, arrivals, arrivedBefore, index }: Entry, { ordinal }: Subject): boolean {
    if (selected === "everyone") return true;
    return (
      ranks.has(ordinal) ||
      (arrivals !== undefined &&
        selectsArrival(arrivals, ordinal, { seed, scenario, fault: index }, arrivedBefore))
    );
  }

  function activate(entry: Entry, subject: Subject, attempt: number): ActiveFault {
    const { index, definition, parsed } = entry;
    return { index, fault: definition, settings: parsed, context: contextOf(entry, subject, attempt) };
  }

  const plan: Plan = {
    schedule,
    lastWindowEndMs,
    isOver: (nowMs = clock.now()) => armedMs !== undefined && nowMs >= armedMs + lastWindowEndMs,

    arm(given) {
      facts = given;
      armedMs = clock.now();
      isDisarmed = false;
      buckets.clear();
      for (const { index, fault } of entries)
        history.append({ source: "partner", kind: "fault.armed", fault: index, name: fault });
    },

    disarm() {
      if (armedMs === undefined || isDisarmed) return;
      isDisarmed = true;
      for (const { index } of entries)
        history.append({ source: "partner", kind: "fault.disarmed", fault: index });
    },

    at(point, subject, attempt) {
      const candidates = byPoint.get(point);
      if (candidates === undefined) return NONE;
      const nowMs = clock.now();
      const active = candidates.filter(
        (entry) =>
          inForce(entry, nowMs) &&
          (entry.attempts === undefined ||
            (attempt >= entry.attempts.from && attempt <= entry.attempts.to)) &&
          isReported(entry, subject) &&
          hits(entry, subject),
      );
      return active.length === 0 ? NONE : active.map((entry) => activate(entry, subject, attempt));
    },

    fired({ index, fault: { point }, context: { key, attempt } }) {
      const mark = `${index} ${point} ${attempt} ${key}`;
      if (recorded.has(mark)) return;
      recorded.add(mark);
      history.append({ source: "partner", kind: "fault.fired", fault: index, point, key, attempt });
    },

    derived({ index }, mutants) {
      const news = mutants.filter(({ mutation, field }) => {
        const mark = `${index} ${mutation} ${field ?? ""}`;
        return !derived.has(mark) && derived.add(mark);
      });
      if (news.length > 0)
        history.append({ source: "partner", kind: "payload.derived", fault: index, mutants: news });
    },

    outage() {
      if (armedMs === undefined || isDisarmed) return { kind: undefined, untilMs: undefined };
      // One reading of the clock for both answers: between two readings a window may begin, and be missed.
      const nowMs = clock.now();
      const atMs = nowMs - armedMs;
      const edges = listening
        .map(({ during }) => nextEdgeMs(during, atMs))
        .filter((edge) => edge !== undefined);
      return {
        kind: listening.find((entry) => inForce(entry, nowMs))?.breaks?.kind,
        untilMs: edges.length === 0 ? undefined : armedMs + Math.min(...edges),
      };
    },

    startedWhileRefused(key) {
      const nowMs = clock.now();
      for (const entry of listening) {
        if (inForce(entry, nowMs)) plan.fired(activate(entry, { key, ordinal: ordinalOf(key) ?? 0 }, 1));
      }
    },
  };
  return plan;
}

function toEntry(scheduled: ScheduledFault): Entry {
  const definition = faultNamed(scheduled.fault);
  const parsed = definition.settings.parse(scheduled.settings);
  return {
    ...scheduled,
    definition,
    parsed,
    ranks: new Map(
      scheduled.selected === "everyone" ? [] : scheduled.selected.map((ordinal, rank) => [ordinal, rank]),
    ),
    counted: new Map(),
    breaks: definition.point === "connection" ? definition.breaks?.(parsed) : undefined,
  };
}

function groupByPoint(entries: readonly Entry[]): Map<FaultPoint, Entry[]> {
  const groups = new Map<FaultPoint, Entry[]>();
  for (const entry of entries) {
    // What breaks connections for everyone is done by the listener, not per request.
    if (entry.breaks && isForEveryone(entry.breaks)) continue;
    const { point } = entry.definition;
    groups.set(point, [...(groups.get(point) ?? []), entry]);
  }
  return groups;
}

/** True where stages play no part, for the stages that were named, and by default for the result. */
function isReported({ stages, definition }: Entry, { reports }: Subject): boolean {
  if (stages) return reports !== undefined && stages.includes(reports.name);
  return reports === undefined || isFinal(reports) || definition.everyStage === true;
}

function isForEveryone({ kind }: ConnectionBreak): boolean {
  return kind !== "reset" && kind !== "hang";
}
