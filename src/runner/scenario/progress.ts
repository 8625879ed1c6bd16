// Where each transaction stands while a run goes on, folded from the history: decides when a phase may end, never a verdict.
import type { EventOf, HistoryEvent, Means } from "../../history/event.ts";
import type { HistoryLog } from "../../history/history.ts";

export interface Progress {
  /** The system shows what the partner decided. Without a view of states: the partner's part is over. */
  isSettledRight(key: string): boolean;
  /** Nothing more can be expected of it: settled right, refused at the start, or surfaced where that is enough. */
  isFinished(key: string, attentionSuffices: boolean): boolean;
  means(key: string): Means | null;
  /** Faults (by index) that fired for a key. */
  fired(fault: number, key: string): boolean;
  /** True when the fault fired for anybody. */
  firedAtAll(fault: number): boolean;
  /** Transactions that faults may hit and that were started, but are not settled right yet. */
  inFlight(): string[];
  /** All that faults may hit and that were started. */
  faulted(): string[];
  systemDied(): boolean;
  /** Milliseconds (history time) of the last onset-like event: a fault fired or a promise ran out. */
  lastFiredAt(): number | undefined;
}

interface Standing {
  accepted: boolean;
  /** The submission that was decided first. */
  decided?: string;
  truth?: string;
  lost: boolean;
  means: Means | null;
  startFailed: boolean;
  isFaulted: boolean;
  /** The system was struck while it was being started: nobody was told that it was taken. */
  isCutOff: boolean;
}

export function followProgress(history: HistoryLog, observesStates: boolean): Progress {
  const standings = new Map<string, Standing>();
  const firings = new Set<string>();
  const struck = new Set<string>();
  let died = false;
  let lastFired: number | undefined;

  const of = (key: string): Standing => {
    let standing = standings.get(key);
    if (!standing) {
      standing = {
        accepted: false,
        lost: false,
        means: null,
        startFailed: false,
        isFaulted: false,
        isCutOff: false,
      };
      standings.set(key, standing);
    }
    return standing;
  };
  history.subscribe((event) => apply(event));

  const faulted = () => [...standings].flatMap(([key, { isFaulted }]) => (isFaulted ? [key] : []));

  const isSettledRight = (key: string): boolean => {
    const { means, truth } = of(key);
    if (truth === undefined) return false;
    return observesStates ? means?.kind === "settled" && means.outcome === truth : true;
  };
  return {
    isSettledRight,
    isFinished(key, attentionSuffices) {
      const standing = of(key);
      if (isSettledRight(key)) return true;
      if (attentionSuffices && standing.means?.kind === "attention") return true;
      if (standing.isCutOff && standing.means === null) return true;
      return standing.startFailed && !standing.accepted;
    },
    means: (key) => of(key).means,
    fired: (fault, key) => firings.has(`${fault} ${key}`),
    firedAtAll: (fault) => [...firings].some((firing) => firing.startsWith(`${fault} `)),
    inFlight: () => faulted().filter((key) => !of(key).startFailed && !isSettledRight(key)),
    faulted,
    systemDied: () => died,
    lastFiredAt: () => lastFired,
  };

  function apply(event: HistoryEvent): void {
    switch (event.kind) {
      case "start.invoked":
        of(event.key).isFaulted = event.group === "faulted";
        break;
      case "start.unknown":
        of(event.key).isCutOff = struck.has(event.key);
        break;
      case "start.failed":
        of(event.key).startFailed = true;
        break;
      case "submission.accepted":
        of(event.key).accepted = true;
        break;
      case "submission.processed":
        decide(of(event.key), event);
        break;
      case "submission.lost":
        of(event.key).lost = true;
        break;
      case "system.state":
        of(event.key).means = event.means;
        break;
      case "fault.fired":
        firings.add(`${event.fault} ${event.key}`);
        lastFired = event.t;
        if (event.point === "system") struck.add(event.key);
        break;
      case "system.exited":
        if (!event.expected) died = true;
        break;
      case "system.stranded":
        died = true;
        break;
      case "system.started":
        died = false;
        break;
      default:
        break;
    }
  }
}

/** The submission that was decided first counts: a duplicate changes nothing, the partner's own correction does. */
function decide(standing: Standing, { submission, outcome }: EventOf<"submission.processed">): void {
  if (outcome === null) return;
  standing.decided ??= submission;
  if (standing.decided === submission) standing.truth = outcome;
}
