import { expect, test } from "vitest";
import { judge } from "./judge.ts";
import { framed, type Scene } from "./tests-support/passing-histories.ts";

const OF_OUTCOME = { mutation: "wrong-type", field: "outcome" };
const HTML = { mutation: "html" };
const faults = [{ fault: "payload.malformed", point: "payload", onset: "delivery" as const }];

/** What is said of `HTML` and `OF_OUTCOME` when CLM-0001 met the one and CLM-0002 the other. */
function resultsOf(tell: (scene: Scene) => Scene) {
  const history = framed({ faults }, (s) => {
    s.add(1_200, { kind: "payload.derived", fault: 0, mutants: [HTML, OF_OUTCOME, { mutation: "xml" }] });
    s.add(1_201, { kind: "payload.derived", fault: 0, mutants: [HTML] });
    for (const key of ["CLM-0001", "CLM-0002"])
      s.start(key, 1_000).submit(key, 1_020).decide(key, 1_220).fire(key, 1_300);
    return tell(s);
  });
  return judge(history).mutants?.map(({ mutation, field, ...rest }) => [mutation, field, rest]);
}

const meet = (
  s: Scene,
  key: string,
  mutant: { mutation: string; field?: string },
  answer: number | null = 422,
) => s.deliver(key, 1_300, { content: "malformed", claims: null, answer, ...mutant });
const recover = (s: Scene, key: string) => s.deliver(key, 1_800, { attempt: 2 }).settle(key, 1_900);

test("survived: nothing failed for whoever met it; not tried: it applies, and nobody met it", () => {
  const results = resultsOf((s) => {
    meet(s, "CLM-0001", HTML);
    meet(s, "CLM-0002", OF_OUTCOME);
    return recover(recover(s, "CLM-0001"), "CLM-0002");
  });
  expect(results).toEqual([
    ["html", undefined, { result: "survived", met: 1, checks: [] }],
    ["wrong-type", "outcome", { result: "survived", met: 1, checks: [] }],
    ["xml", undefined, { result: "not-tried", met: 0, checks: [] }],
  ]);
});

test("broke: a check failed for a transaction that met it, and only that mutant is blamed", () => {
  const results = resultsOf((s) => {
    meet(s, "CLM-0001", HTML, 204);
    meet(s, "CLM-0002", OF_OUTCOME);
    return recover(s, "CLM-0002");
  });
  expect(results).toMatchObject([
    ["html", undefined, { result: "broke", checks: expect.arrayContaining(["no-silent-discard"]) }],
    ["wrong-type", "outcome", { result: "survived" }],
    ["xml", undefined, { result: "not-tried" }],
  ]);
});

test("broke: the process ended before it had answered; what others met is not known then", () => {
  const results = resultsOf((s) => {
    meet(s, "CLM-0001", HTML);
    meet(s, "CLM-0002", OF_OUTCOME, null);
    return s.add(1_400, { kind: "system.exited", code: 1, signal: null, expected: false, logTail: [] });
  });
  expect(results).toMatchObject([
    ["html", undefined, { result: "not-tried", met: 1, checks: [] }],
    ["wrong-type", "outcome", { result: "broke", checks: ["stays-up"] }],
    ["xml", undefined, { result: "not-tried" }],
  ]);
});

test("broke: the last one that was answered, when nothing was under way", () => {
  const results = resultsOf((s) => {
    meet(s, "CLM-0001", HTML, 500);
    return s.add(1_400, { kind: "system.exited", code: 1, signal: null, expected: false, logTail: [] });
  });
  expect(results?.[0]).toMatchObject(["html", undefined, { result: "broke", checks: ["stays-up"] }]);
});

test("there is no coverage where no payload was broken", () => {
  expect(judge(framed({ faults: [{}] }, (s) => s))).not.toHaveProperty("mutants");
});
