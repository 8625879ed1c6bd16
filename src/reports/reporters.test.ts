import { expect, it } from "vitest";
import { isReporterName, REPORTER_NAMES, reporters } from "./reporters.ts";
import { hostileRun, passedRun } from "./tests-support/sample-runs.ts";

it("names every format and the file that it goes to", () => {
  const files = REPORTER_NAMES.map((name) => [name, reporters[name].file]);
  expect(files).toEqual([
    ["terminal", undefined],
    ["json", "run.json"],
    ["junit", "junit.xml"],
    ["markdown", "summary.md"],
  ]);
  expect(isReporterName("junit")).toBe(true);
  expect(isReporterName("toString")).toBe(false);
});

it("renders the same text twice and leaves the record alone", () => {
  for (const name of REPORTER_NAMES) {
    for (const sample of [passedRun, hostileRun]) {
      const record = sample();
      const options = { color: false, width: 100 };
      expect(reporters[name].render(record, options)).toBe(reporters[name].render(record, options));
      expect(record).toEqual(sample());
    }
  }
});
