import { expect, it } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { divergence } from "./compare.ts";

const fired = (fault: number, key: string, attempt = 1): HistoryEvent => ({
  seq: 1,
  t: 0,
  phase: "fault",
  source: "partner",
  kind: "fault.fired",
  fault,
  point: "submit",
  key,
  attempt,
});

it("finds no divergence when the same transactions were hit, however often they tried and whatever the run was called", () => {
  expect(
    divergence([fired(0, "CLA-aaaa-001"), fired(0, "CLA-aaaa-001", 2)], [fired(0, "CLA-bbbb-001")]),
  ).toBeUndefined();
});

it("names what did not fire and what fired besides", () => {
  expect(
    divergence([fired(0, "C-a-001"), fired(1, "C-a-002")], [fired(0, "C-a-001"), fired(0, "C-a-003")]),
  ).toEqual({
    missing: ["1 002"],
    additional: ["0 003"],
  });
});
