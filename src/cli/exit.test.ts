import { afterEach, expect, it } from "vitest";
import { EXIT, finish } from "./exit.ts";

const before = process.exitCode;
afterEach(() => {
  process.exitCode = before;
});

it.each([
  [EXIT.passed, EXIT.failed, 1],
  [EXIT.failed, EXIT.passed, 1],
  [EXIT.inconclusive, EXIT.failed, 1],
  [EXIT.harness, EXIT.passed, 4],
  [EXIT.failed, EXIT.interrupted, 130],
])("of %i and %i the graver exit code stays", (first, second, code) => {
  process.exitCode = undefined;
  finish(first);
  finish(second);
  expect(process.exitCode).toBe(code);
});
