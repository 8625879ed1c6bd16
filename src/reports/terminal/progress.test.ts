import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { displayWidth } from "../text/layout.ts";
import { createProgress, type Progress } from "./progress.ts";

function play(progress: Progress): void {
  progress.onScenarioStart("a/first");
  progress.onScenarioStart("b/second\u001b[31m\n");
  progress.onPhase("a/first", "baseline");
  progress.onPhase("b/second\u001b[31m\n", "fault");
  progress.onScenarioEnd("a/first", {
    verdict: "failed",
    durationMs: 4_200,
    reason: "alerts: nobody was told",
  });
  progress.note("the browser is open");
  progress.onScenarioEnd("b/second\u001b[31m\n", { verdict: "passed", durationMs: 900 });
  progress.close();
}

const ESCAPE = "\u001b";
const PIECES = new RegExp(`${ESCAPE}\\[\\d*[A-Za-z]|\\n|\\r|[^${ESCAPE}\\n\\r]+`, "g");

/** What a terminal shows in the end: understands line breaks, cursor up and clear to the end. */
function screenOf(written: string): string[] {
  const screen: string[] = [""];
  let row = 0;
  for (const [part] of written.matchAll(PIECES)) {
    if (part === "\n") row += 1;
    else if (part.endsWith("A") && part.startsWith("\u001b")) row -= Number(part.slice(2, -1));
    else if (part === "\u001b[0J") screen.splice(row);
    else if (part !== "\r" && !part.startsWith("\u001b")) screen[row] = (screen[row] ?? "") + part;
    screen[row] ??= "";
  }
  return screen.filter((line) => line !== "");
}

describe("progress", () => {
  let written = "";
  const stream = { columns: 60, write: (text: string) => (written += text) };
  beforeEach(() => {
    written = "";
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is one plain line an event where there is no terminal", () => {
    play(createProgress({ stream, isTTY: false, color: true, total: 2 }));
    expect(written).not.toContain("\u001b");
    expect(written.trimEnd().split("\n")).toEqual([
      "start  a/first",
      "start  b/second",
      "       a/first  baseline: no fault yet",
      "       b/second  fault: the partner misbehaves",
      "✗ failed  a/first  4.2 s  alerts: nobody was told",
      "the browser is open",
      "✓ passed  b/second  900 ms",
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is a block redrawn in place on a terminal, with every running scenario, its phase and the counts", () => {
    const progress = createProgress({ stream, isTTY: true, color: false, total: 3, now: () => 0 });
    progress.onScenarioStart("a/first");
    progress.onScenarioStart("b/second");
    progress.onPhase("a/first", "drain");
    progress.onScenarioEnd("b/second", { verdict: "passed", durationMs: 900 });
    const screen = screenOf(written).map((line) => line.trim().replace(/ +/g, " "));
    expect(screen).toEqual([
      "✓ passed b/second 900 ms",
      expect.stringMatching(/^0 ms a\/first drain: wai/),
      "1 of 3 done: 1 passed",
    ]);
    progress.close();
  });

  it("leaves only the lasting lines on the screen, and no timer", () => {
    const progress = createProgress({ stream, isTTY: true, color: true, total: 2 });
    progress.onScenarioStart("c/third");
    expect(vi.getTimerCount()).toBe(1);
    play(progress);
    expect(screenOf(written).map((line) => line.split("  ")[0])).toEqual([
      "✗ failed",
      "the browser is open",
      "✓ passed",
    ]);
    expect(vi.getTimerCount()).toBe(0);
    const length = written.length;
    progress.note("too late");
    progress.onPhase("c/third", "judge");
    expect(written.length).toBe(length);
  });

  it("moves the elapsed time on while nothing else happens", () => {
    let time = 0;
    const progress = createProgress({ stream, isTTY: true, color: false, now: () => time });
    progress.onScenarioStart("a/first");
    time = 3_400;
    vi.advanceTimersByTime(1_000);
    expect(screenOf(written)[0]).toMatch(/^ +3 s {2}a\/first/);
    progress.close();
  });

  it("keeps the block narrower than the terminal and no longer than a few lines", () => {
    const progress = createProgress({ stream, isTTY: true, color: false, total: 40 });
    for (let index = 0; index < 30; index++) progress.onScenarioStart(`${"long-".repeat(20)}${index}`);
    const screen = screenOf(written);
    expect(screen.length).toBe(10);
    expect(screen).toContain("  and 22 more");
    for (const line of screen) expect(displayWidth(line)).toBeLessThan(60);
    progress.close();
    expect(screenOf(written)).toEqual([]);
  });
});
