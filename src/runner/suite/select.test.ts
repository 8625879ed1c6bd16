import fc from "fast-check";
import { expect, it } from "vitest";
import { DEFAULT_BOUNDS } from "../../history/header.ts";
import type { Scenario } from "../../scenarios/types.ts";
import { parseShard, selectScenarios } from "./select.ts";

const scenario = (id: string, tags: string[] = []): Scenario => ({
  id,
  file: `${id}.yaml`,
  title: `Title of ${id}`,
  tags,
  workload: { transactions: 5, rate: 5, control: 0.2 },
  faults: [],
  expect: {},
  waives: {},
  bounds: DEFAULT_BOUNDS,
});
const all = [
  scenario("steady-state"),
  scenario("never-reports/late", ["callback"]),
  scenario("never-reports/missing"),
  scenario("unavailable/hangs"),
];
const ids = (selection: Partial<Parameters<typeof selectScenarios>[1]>) =>
  selectScenarios(all, { patterns: [], tags: [], ...selection }).map(({ id }) => id);

it.each([
  [["never-reports"], ["never-reports/late", "never-reports/missing"]],
  [["hangs"], ["unavailable/hangs"]],
  [["*/l*"], ["never-reports/late"]],
  [
    ["unavailable/hangs.yaml", "steady-state"],
    ["steady-state", "unavailable/hangs"],
  ],
  [["nothing"], []],
])("selects %j", (patterns, expected) => {
  expect(ids({ patterns })).toEqual(expected);
});

it("narrows by tag, text and the failed ones of last time", () => {
  expect(ids({ tags: ["callback"] })).toEqual(["never-reports/late"]);
  expect(ids({ grep: /title of un/i })).toEqual(["unavailable/hangs"]);
  expect(ids({ only: new Set(["unavailable/hangs", "gone"]) })).toEqual(["unavailable/hangs"]);
});

it("shards into slices that together are everything once, in order", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), (total) => {
      const shards = Array.from({ length: total }, (_, i) => ids({ shard: { index: i + 1, total } }));
      expect(shards.flat()).toEqual(all.map(({ id }) => id));
    }),
  );
});

it.each([
  ["1/3", { index: 1, total: 3 }],
  ["4/3", undefined],
  ["0/3", undefined],
  ["x", undefined],
])("reads the shard %s", (text, shard) => {
  expect(parseShard(text)).toEqual(shard);
});
