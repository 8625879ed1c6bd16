import { expect, it } from "vitest";
import { durationSchema, formatDuration, parseDuration } from "./duration.ts";

it.each([
  ["250ms", 250],
  ["2s", 2_000],
  ["1.5m", 90_000],
  ["1h", 3_600_000],
])("reads %s as %d ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each(["", "5", "2 s", "-1s", "1d", "1s2", "s", "1e3ms"])("refuses %j", (text) => {
  expect(parseDuration(text)).toBeUndefined();
  expect(durationSchema.safeParse(text).success).toBe(false);
});

it.each([
  [0, "0 ms"],
  [999.4, "999 ms"],
  [1_234, "1.23 s"],
  [8_000, "8 s"],
  [12_340, "12.3 s"],
  [600_000, "10 min"],
])("writes %d as %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
