import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../history/run-record.ts";
import { UNSAFE } from "../tests-support/hostile-text.ts";
import { check, measure, run, scenario } from "../tests-support/record-builder.ts";
import {
  failedRun,
  hostileRun,
  inconclusiveRun,
  interruptedRun,
  passedRun,
} from "../tests-support/sample-runs.ts";
import { displayWidth } from "../text/layout.ts";
import { renderRun } from "./run.ts";

const samples: [string, () => RunRecord][] = [
  ["a failed run", failedRun],
  ["a passed run", passedRun],
  ["an inconclusive run", inconclusiveRun],
  ["an interrupted run", interruptedRun],
  ["a run full of hostile texts", hostileRun],
  ["a run of nothing", () => run([])],
];

/** One line with single spaces, so that wrapping does not matter. */
const flat = (text: string) => text.replace(/\s+/g, " ");
const render = (record: RunRecord, width = 100) =>
  renderRun(record, { color: false, width, runFolder: "reports/r1" });
const lineWith = (text: string, part: string) => text.split("\n").find((line) => line.includes(part)) ?? "";

describe.each(samples)("%s on a terminal", (_, sample) => {
  it.each([60, 80, 100, 120])("fits into %i columns", (width) => {
    for (const color of [false, true]) {
      const text = renderRun(sample(), { color, width, runFolder: "reports/r1" });
      const tooLong = stripVTControlCharacters(text)
        .split("\n")
        .filter((line) => displayWidth(line) > width);
      expect(tooLong).toEqual([]);
    }
  });

  it("has no escape sequence without colour, and says the same with it", () => {
    const bare = render(sample());
    expect(bare).not.toMatch(UNSAFE);
    const colored = renderRun(sample(), { color: true, width: 100, runFolder: "reports/r1" });
    expect(colored).toContain("\u001b[");
    const unpainted = (text: string) =>
      text
        .split("\n")
        .map((line) => line.trimEnd())
        .join("\n");
    expect(unpainted(stripVTControlCharacters(colored))).toBe(bare);
  });
});

describe("the first line", () => {
  it.each([
    [failedRun, "✗ Can I trust one-day-integration? NO: 5 of 6 scenarios broke it."],
    [passedRun, "✓ Can I trust trustworthy-integration? NOTHING REFUTED IT: all 6 scenarios passed."],
    [inconclusiveRun, "? Can I trust claims-service? CANNOT TELL: 1 of 2 scenarios inconclusive."],
    [
      interruptedRun,
      "? Can I trust claims-service? CANNOT TELL: 1 of 3 scenarios passed (2 not run, interrupted).",
    ],
  ])("answers the question", (sample, answer) => {
    expect(flat(render(sample()).split("\n")[0] ?? "")).toBe(answer);
  });

  it("is followed by the four trust answers", () => {
    const [, second = "", third = ""] = render(failedRun()).split("\n");
    expect(flat(second + third)).toContain(
      "✗ detect when it breaks ✗ estimate the impact ✗ recover missed transactions",
    );
  });
});

describe("scenarios", () => {
  it("stand on one line with the times that their expectations ask for", () => {
    const text = render(passedRun());
    expect(flat(lineWith(text, "unavailable/brief-outage"))).toMatch(
      /^✓ unavailable\/brief-outage .*412 ms 1\.53 s 1\.9 s$/,
    );
    expect(lineWith(text, "same-result-twice/duplicate-at-once")).toMatch(/absorbed$/);
  });

  it("that failed show the check, the evidence, and how many more there are like it", () => {
    const text = flat(render(failedRun()));
    expect(text).toContain(
      'no-lost-transaction claim CLM-0004: accepted by Acme Clearinghouse at 1.2 s, result due by 2.2 s, still "submitted" at 12 s; no alert (due by 7.2 s) (and 8 more like it)',
    );
    expect(text).toContain("9 failures logged only");
    expect(text).toContain("never 9/12");
  });

  it("show three different stories of a check at most", () => {
    const stories = ["one", "two", "three", "four", "five"].map((word) => `claim A: story ${word}`);
    const text = render(
      run([
        scenario({
          id: "a/b",
          verdict: "failed",
          checks: [check("alerts", "failed", ...stories, "and 30 more")],
        }),
      ]),
    );
    expect(text).toContain("story three");
    expect(text).not.toContain("story four");
    expect(text).toContain("+32 more");
  });

  it("without an answer say why", () => {
    const text = flat(render(inconclusiveRun()));
    expect(text).toContain("callback.missing never fired: the system stopped submitting at 0.8 s");
    expect(text).toContain("alerts claim CLM-0007: an alert came between 6.1 s and 6.4 s, due by 6.2 s");
    expect(text).toContain("? no-duplicate-effect cannot tell: workflow.inspect.effects is not configured");
  });

  it("do not say twice what the reason says already", () => {
    const reasons = ["detects was not exercised: no transaction was affected"];
    const checks = [check("detects", "not-exercised", "no transaction was affected")];
    const text = render(run([scenario({ id: "a/b", verdict: "inconclusive", reasons, checks })]));
    expect(text.match(/no transaction was affected/g)).toHaveLength(1);
  });

  it("show what was waived, and why, even when they passed", () => {
    const waived = check(
      "no-retry-storm",
      "waived",
      "waived: the vendor asks for immediate retries; would have been failed",
    );
    expect(flat(render(run([scenario({ id: "a/b", checks: [waived] })])))).toContain(
      "waived no-retry-storm: the vendor asks for immediate retries; would have been failed",
    );
  });

  it("show an error of a check beside the other verdicts", () => {
    const checks = [
      check("stays-up", "error", "TypeError: x is undefined"),
      check("alerts", "failed", "claim A: no alert"),
    ];
    const text = flat(render(run([scenario({ id: "a/b", verdict: "error", checks })])));
    expect(text).toContain("stays-up TypeError: x is undefined");
    expect(text).toContain("alerts claim A: no alert");
    expect(text).toContain("CANNOT TELL: neverfails itself failed in 1 of 1 scenario");
  });
});

describe("the end of the text", () => {
  it("holds every claim against the run and never says proved", () => {
    const text = render(failedRun());
    expect(text).toContain('✗ "one-day-integration never fails": refuted by 5 of 6 scenarios');
    expect(text).toContain('✗ "never loses a claim": refuted by 1 scenario');
    expect(text).toContain('? "never acts on a forged result": not tested: no scenario exercised its checks');
    expect(render(passedRun())).toContain(
      '✓ "trustworthy-integration never fails": not refuted by 6 scenarios',
    );
    for (const [, sample] of samples) expect(render(sample())).not.toMatch(/\bproved\b/);
  });

  it("tells where the evidence is and how to run one scenario again or replay all", () => {
    const text = flat(render(failedRun()));
    expect(text).toContain("evidence reports/r1");
    expect(text).toContain("neverfails run unavailable/brief-outage --seed 42");
    expect(text).toContain("neverfails replay reports/r1");
  });

  it("names what was not run", () => {
    expect(flat(render(interruptedRun()))).toContain(
      "not run never-reports/missing-callback and same-result-twice/duplicate-at-once",
    );
  });
});

it("keeps the columns apart however large the numbers are", () => {
  const large = scenario({
    id: "a/b",
    expect: { detects: { withinMs: 1 }, alerts: { withinMs: 1 }, recovers: { withinMs: 1 } },
    measures: {
      detect: measure(1, 5, 12_345_678),
      alert: measure(1, 5, 12_345_678),
      recover: measure(1, 5, 12_345_678),
    },
  });
  const lines = render(run([large]), 60).split("\n");
  expect(lines.every((line) => displayWidth(line) <= 60)).toBe(true);
  expect(lineWith(lines.join("\n"), "a/b")).toMatch(/a\/b .* never.* never/);
});
