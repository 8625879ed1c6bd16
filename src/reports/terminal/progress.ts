// What is going on while a run is under way: a live block on a terminal, one plain line per event elsewhere.

import type { Phase } from "../../history/event.ts";
import type { Verdict } from "../../history/verdict.ts";
import { formatDuration } from "../../lib/duration.ts";
import { VERDICT_SYMBOL } from "../summary/words.ts";
import { padEnd, padStart, truncate } from "../text/layout.ts";
import { createPaint, VERDICT_STYLE } from "../text/paint.ts";
import { plain } from "../text/plain.ts";
import { createLiveBlock } from "./live-block.ts";

export interface ProgressOptions {
  stream: { write(text: string): unknown; columns?: number };
  isTTY: boolean;
  /** On no terminal there is no colour, whatever this says. */
  color: boolean;
  /** Scenarios that will run, repeats included. */
  total?: number;
  /** Milliseconds on any monotonic clock. */
  now?: () => number;
}

/** `id` names one scenario run; with repeats the caller makes it unique (`a/b #2`). */
export interface Progress {
  onScenarioStart(id: string): void;
  onPhase(id: string, phase: Phase | "judge"): void;
  onScenarioEnd(id: string, end: { verdict: Verdict; durationMs: number; reason?: string }): void;
  /** A line for the user that stays. */
  note(text: string): void;
  /** Removes the live block. Nothing is written afterwards. */
  close(): void;
}

const PHASES: Record<Phase | "judge", string> = {
  baseline: "baseline: no fault yet",
  fault: "fault: the partner misbehaves",
  heal: "heal: the partner behaves again",
  drain: "drain: waiting for the rest",
  judge: "judging",
};
/** Fits most ids; what is cut off to the right of it is least important. */
const LABEL_WIDTH = 36;
const MOST_LINES = 8;

export function createProgress(options: ProgressOptions): Progress {
  const { stream, isTTY, total, now = () => performance.now() } = options;
  const paint = createPaint(options.color && isTTY);
  const running = new Map<string, { phase: Phase | "judge" | undefined; since: number }>();
  const ended: Record<Verdict, number> = { passed: 0, failed: 0, inconclusive: 0, error: 0 };
  const block = createLiveBlock(stream, isTTY);

  const status = (): string[] => {
    const columns = stream.columns || 80;
    const shown = [...running].slice(0, MOST_LINES).map(([id, { phase, since }]) => {
      const time = formatDuration(Math.floor((now() - since) / 1_000) * 1_000);
      const doing = phase ? PHASES[phase] : "starting";
      return truncate(`${padStart(time, 8)}  ${padEnd(plain(id), LABEL_WIDTH)}  ${doing}`, columns - 1);
    });
    const rest = running.size > MOST_LINES ? [`  and ${running.size - MOST_LINES} more`] : [];
    return [...shown, ...rest, paint("dim", truncate(countsLine(ended, total), columns - 1))];
  };
  const redraw = () => block.show(running.size === 0 ? [] : status, running.size > 0);
  const line = (text: string) => block.print(text);

  return {
    onScenarioStart(id) {
      running.set(id, { phase: undefined, since: now() });
      if (!isTTY) line(`start  ${plain(id)}`);
      redraw();
    },
    onPhase(id, phase) {
      const known = running.get(id);
      if (known) running.set(id, { ...known, phase });
      if (!isTTY) line(`       ${plain(id)}  ${PHASES[phase]}`);
      redraw();
    },
    onScenarioEnd(id, { verdict, durationMs, reason }) {
      running.delete(id);
      ended[verdict] += 1;
      const symbol = paint(VERDICT_STYLE[verdict], `${VERDICT_SYMBOL[verdict]} ${verdict}`);
      line(
        `${symbol}  ${plain(id)}  ${formatDuration(durationMs)}${reason === undefined ? "" : `  ${plain(reason)}`}`,
      );
      redraw();
    },
    note(text) {
      line(plain(text));
      redraw();
    },
    close() {
      running.clear();
      block.close();
    },
  };
}

function countsLine(ended: Record<Verdict, number>, total: number | undefined): string {
  const done = Object.values(ended).reduce((sum, count) => sum + count, 0);
  const parts = Object.entries(ended).flatMap(([verdict, count]) =>
    count > 0 ? [`${count} ${verdict}`] : [],
  );
  return `  ${done}${total === undefined ? "" : ` of ${total}`} done${parts.length > 0 ? `: ${parts.join(", ")}` : ""}`;
}
