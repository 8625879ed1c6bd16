// A scheduled fault as users write it: `{ fault, on, during, attempts, …settings }`.
import type { ScheduledFault, Selection, Window } from "../plan/schedule.ts";

export interface WrittenUse {
  fault: string;
  [setting: string]: unknown;
}

export function writtenUse({
  fault,
  settings,
  arrivals,
  selected,
  during,
  attempts,
}: ScheduledFault): WrittenUse {
  const on = arrivals ? writtenSelection(arrivals) : selected === "everyone" ? undefined : selected;
  return {
    fault,
    ...settings,
    ...(on !== undefined && { on }),
    ...(during && { during: writtenWindow(during) }),
    ...(attempts && { attempts: `${attempts.from}..${attempts.to}` }),
  };
}

function writtenSelection(selection: Selection): unknown {
  switch (selection.kind) {
    case "all":
      return "all";
    case "share":
      return `${Number((selection.share * 100).toFixed(6))}%`;
    case "first":
      return `first ${selection.count}`;
    case "every":
      return `every ${selection.nth}th`;
    case "list":
      return selection.ordinals;
    case "where":
      return { where: selection.expression };
  }
}

function writtenWindow(window: Window): unknown {
  switch (window.kind) {
    case "span":
      return `${window.fromMs}ms..${window.toMs}ms`;
    case "flapping":
      return { every: `${window.everyMs}ms`, for: `${window.forMs}ms` };
  }
}
