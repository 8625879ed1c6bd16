// Performs the faults at the point `system`: kills or stops the system's own process at the moment that each names, once.
import type { HistoryEvent } from "../../history/event.ts";
import { sleep } from "../../lib/wait.ts";
import type { SystemStrike } from "../../simulator/faults/fault.ts";
import { faultNamed } from "../../simulator/faults/index.ts";
import type { ActiveFault, Plan } from "../../simulator/plan/plan.ts";
import type { Progress } from "./progress.ts";
import type { Stage } from "./stage.ts";

export interface StrikesOptions {
  plan: Plan;
  stage: Pick<Stage, "system" | "history" | "ordinalOf" | "down">;
  progress: Pick<Progress, "inFlight">;
  signal: AbortSignal;
}

export interface Strikes {
  /** The latest moment that is a time, in milliseconds since arming; 0 when there is none. */
  readonly lastMomentMs: number;
  /** Resolves when everything that was begun is over: the system is up again, or has failed to come back. */
  underWay(): Promise<void>;
  /** Nothing new begins, and what was stopped goes on or is started again at once. */
  end(): Promise<void>;
}

/** Nobody's event, for strikes at a time. */
const NOBODY = { key: "", ordinal: 0 };

export function performStrikes({ plan, stage, progress, signal }: StrikesOptions): Strikes {
  const { history } = stage;
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  const struck = new Set<number>();
  const begun: Promise<void>[] = [];
  const times = timesIn(plan);

  const unsubscribe = history.subscribe((event) => {
    const kind = momentIn(event);
    if (kind === undefined || event.key === undefined || stop.aborted) return;
    const subject = { key: event.key, ordinal: stage.ordinalOf(event.key) ?? 0 };
    for (const active of plan.at("system", subject, 1)) void strike(active, kind);
  });
  for (const atMs of times) begun.push(strikeAt(atMs));

  return {
    lastMomentMs: Math.max(0, ...times),
    async underWay() {
      await Promise.all(begun);
    },
    async end() {
      unsubscribe();
      ended.abort();
      await Promise.all(begun);
    },
  };

  async function strikeAt(atMs: number): Promise<void> {
    if (!(await sleep(atMs, stop))) return;
    for (const active of plan.at("system", NOBODY, 1)) await strike(active, "time", atMs);
  }

  /** The signal is sent before this returns: what the event announces, such as a reply, has not happened yet. */
  function strike(
    { index, fault, settings }: ActiveFault,
    kind: SystemStrike["moment"]["kind"],
    atMs?: number,
  ) {
    if (fault.point !== "system" || struck.has(index) || stage.down) return undefined;
    const { moment, action } = fault.strikes(settings);
    if (moment.kind !== kind || (moment.kind === "time" && moment.atMs !== atMs)) return undefined;
    struck.add(index);
    const t = history.now();
    const hit = progress.inFlight();
    const work = perform(action).finally(() => {
      stage.down = undefined;
    });
    if (action.kind === "crash") stage.down = work;
    begun.push(work);
    // Not inside the event that is just being told to everybody.
    queueMicrotask(() => {
      for (const key of hit)
        history.append(
          { source: "runner", kind: "fault.fired", fault: index, point: "system", key, attempt: 1 },
          t,
        );
    });
    return work;
  }

  async function perform(action: SystemStrike["action"]): Promise<void> {
    const { system } = stage;
    if (!system) return;
    switch (action.kind) {
      case "crash": {
        await system.crash();
        await sleep(action.restartAfterMs, stop);
        if (signal.aborted) return;
        const again = await system.restart();
        if (again.ok || signal.aborted) return;
        const { message: reason, logTail } = again;
        history.append({ source: "system", kind: "system.stranded", reason, logTail });
        return;
      }
      case "pause": {
        const t = history.now();
        const over = system.pause(action.forMs, stop);
        queueMicrotask(() =>
          history.append({ source: "runner", kind: "system.paused", forMs: action.forMs }, t),
        );
        await over;
        history.append({ source: "runner", kind: "system.resumed" });
      }
    }
  }
}

function timesIn({ schedule }: Plan): number[] {
  return schedule.faults.flatMap(({ fault: name, settings }) => {
    const fault = faultNamed(name);
    if (fault.point !== "system") return [];
    const { moment } = fault.strikes(fault.settings.parse(settings));
    return moment.kind === "time" ? [moment.atMs] : [];
  });
}

/** The moment that an event of the partner's is. */
function momentIn({ kind }: HistoryEvent): SystemStrike["moment"]["kind"] | undefined {
  switch (kind) {
    case "submission.accepted":
      return "accepted";
    case "callback.acked":
      return "acknowledged";
    default:
      return undefined;
  }
}
