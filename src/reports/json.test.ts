import { expect, it } from "vitest";
import { renderJson } from "./json.ts";
import { UNSAFE } from "./tests-support/hostile-text.ts";
import { failedRun, hostileRun } from "./tests-support/sample-runs.ts";

it("holds the whole record, hostile texts included", () => {
  for (const sample of [failedRun, hostileRun]) {
    // A lone surrogate is written as an escape, so nothing is lost.
    expect(JSON.parse(renderJson(sample()))).toEqual(JSON.parse(JSON.stringify(sample())));
  }
});

it("prints nothing that a terminal would obey", () => {
  expect(renderJson(hostileRun())).not.toMatch(UNSAFE);
});

it("is stable: what was read back is rendered to the same bytes", () => {
  const text = renderJson(hostileRun());
  expect(renderJson(JSON.parse(text))).toBe(text);
  expect(text).toMatch(/^\{\n {2}"neverfailsRun": 1,/);
  expect(text.endsWith("}\n")).toBe(true);
});
