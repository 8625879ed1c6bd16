// The open plan: faults that come and go while the partner runs. Each is a plan of its own with an index that stays.
import type { HistoryLog } from "../../history/history.ts";
import type { Clock } from "../../lib/clock.ts";
import { type ActiveFault, createPlan, type Plan, type PlanFacts } from "./plan.ts";
import { resolveSchedule } from "./resolve.ts";
import type { FaultUse, ScheduledFault } from "./schedule.ts";

/** A fault that is armed, in its window or outside of it. */
export interface ArmedFault {
  /** `f0`, `f1`, …: never given twice until a reset. */
  readonly id: string;
  /** What the history's events call it. */
  readonly index: number;
  readonly scheduled: ScheduledFault;
  /** Milliseconds on the partner's clock. */
  readonly addedMs: number;
  /** When its time to live is over; absent: it stays until it is removed or healed. */
  readonly endsMs?: number;
}

export interface AddOptions {
  /** Milliseconds until it is removed by itself. */
  ttlMs?: number | undefined;
  /** What its keyed choices depend on besides the seed. Default `live`. */
  scenario?: string | undefined;
}

export type Removal = "removed" | "unknown" | "part of a plan";

export interface OpenPlan {
  /** Everything that is armed, as one plan; undefined when nothing is. */
  current(): Plan | undefined;
  list(): ArmedFault[];
  /** Arms one fault now: its window counts from now, and so do `first 3`, `every 4th` and lists. */
  add(use: FaultUse, options?: AddOptions): Promise<ArmedFault>;
  remove(id: string): Removal;
  /** Ends everything that is armed and arms this plan instead. */
  replace(plan: Plan): void;
  /** Ends everything; `anew`: indexes begin again, as at the start. */
  clear(anew?: boolean): void;
}

export interface OpenPlanOptions {
  clock: Clock;
  history: HistoryLog;
  seed: string;
  facts: PlanFacts;
  ordinalOf: (key: string) => number | undefined;
  /** How many transactions have arrived so far, at a partner without a driver. */
  arrivals: () => number;
  /** Called when a time to live has ended. */
  onChange: () => void;
}

interface Child {
  plan: Plan;
  /** Absent: the plan came as a whole. */
  armed?: ArmedFault;
  timer?: NodeJS.Timeout;
}

const LONGEST_TIMER_MS = 0x7fffffff;

export function createOpenPlan(options: OpenPlanOptions): OpenPlan {
  const { clock, history, seed, facts, ordinalOf, arrivals, onChange } = options;
  let children: Child[] = [];
  let nextIndex = 0;
  let current: Plan | undefined;
  let wholeSinceMs = 0;

  function change(next: Child[]): void {
    children = next;
    const plans = next.map(({ plan }) => plan);
    current = plans.length > 1 ? combine(plans) : plans[0];
  }

  function end(child: Child): void {
    clearTimeout(child.timer);
    child.plan.disarm();
  }

  function expire(child: Child): void {
    const restMs = (child.armed?.endsMs ?? 0) - clock.now();
    if (restMs > 0) {
      child.timer = setTimeout(expire, Math.min(Math.ceil(restMs), LONGEST_TIMER_MS), child);
      return;
    }
    change(children.filter((other) => other !== child));
    end(child);
    onChange();
  }

  function clear(anew = false): void {
    if (anew) nextIndex = 0;
    const before = children;
    change([]);
    for (const child of before) end(child);
  }

  return {
    current: () => current,

    list: () =>
      children.flatMap(({ armed, plan }) =>
        armed ? [armed] : plan.schedule.faults.map((scheduled) => describe(scheduled, wholeSinceMs)),
      ),

    async add(use, { ttlMs, scenario = "live" } = {}) {
      const schedule = await resolveSchedule({ seed, scenario, faults: [use], transactions: [] });
      const [resolved] = schedule.faults;
      if (!resolved) throw new Error("one use of a fault resolves to one entry of a schedule");
      const scheduled: ScheduledFault = { ...resolved, index: nextIndex++, arrivedBefore: arrivals() };
      const plan = createPlan({
        schedule: { ...schedule, faults: [scheduled] },
        clock,
        history,
        ordinalOf,
      });
      const addedMs = clock.now();
      const armed: ArmedFault = {
        ...describe(scheduled, addedMs),
        ...(ttlMs !== undefined && { endsMs: addedMs + ttlMs }),
      };
      const child: Child = { plan, armed };
      plan.arm(facts);
      change([...children, child]);
      if (ttlMs !== undefined) expire(child);
      return armed;
    },

    remove(id) {
      const child = children.find(({ armed }) => armed?.id === id);
      if (!child) {
        const isPart = children.some(({ plan }) => plan.schedule.faults.some((f) => idOf(f) === id));
        return isPart ? "part of a plan" : "unknown";
      }
      change(children.filter((other) => other !== child));
      end(child);
      return "removed";
    },

    replace(plan) {
      clear();
      nextIndex = Math.max(nextIndex, ...plan.schedule.faults.map(({ index }) => index + 1));
      wholeSinceMs = clock.now();
      change([{ plan }]);
      plan.arm(facts);
    },

    clear,
  };
}

function describe(scheduled: ScheduledFault, addedMs: number): ArmedFault {
  return { id: idOf(scheduled), index: scheduled.index, scheduled, addedMs };
}

function idOf({ index }: ScheduledFault): string {
  return `f${index}`;
}

/** Several plans that are armed as one; the order of their faults is the order in which they were added. */
function combine(plans: readonly Plan[]): Plan {
  const [first] = plans;
  if (!first) throw new Error("there is nothing to combine");
  // Whose an active fault is; it may fire after its plan has ended (a decision that was shaped before).
  const owners = new WeakMap<ActiveFault, Plan>();
  return {
    schedule: { ...first.schedule, faults: plans.flatMap(({ schedule }) => schedule.faults) },
    lastWindowEndMs: Math.max(...plans.map(({ lastWindowEndMs }) => lastWindowEndMs)),
    isOver: (nowMs) => plans.every((plan) => plan.isOver(nowMs)),
    arm: (facts) => plans.forEach((plan) => void plan.arm(facts)),
    disarm: () => plans.forEach((plan) => void plan.disarm()),
    at: (point, subject, attempt) =>
      plans.flatMap((plan) => {
        const active = plan.at(point, subject, attempt);
        for (const use of active) owners.set(use, plan);
        return active;
      }),
    fired: (active) => owners.get(active)?.fired(active),
    derived: (active, mutants) => owners.get(active)?.derived(active, mutants),
    outage() {
      const outages = plans.map((plan) => plan.outage());
      const edges = outages.flatMap(({ untilMs }) => (untilMs === undefined ? [] : [untilMs]));
      return {
        kind: outages.find(({ kind }) => kind !== undefined)?.kind,
        untilMs: edges.length === 0 ? undefined : Math.min(...edges),
      };
    },
    startedWhileRefused: (key) => plans.forEach((plan) => void plan.startedWhileRefused(key)),
  };
}
