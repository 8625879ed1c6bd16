// Stages before the last tell of no result: what the checks make of systems that take them for one, and of those that do not.
import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import type { SceneOptions } from "../tests-support/history-builder.ts";
import { framed, type Scene } from "../tests-support/passing-histories.ts";
import { check, statusOf, told } from "../tests-support/verdict-queries.ts";

const key = "CLM-0001";
const OUT_OF_ORDER: SceneOptions = {
  faults: [{ fault: "callback.out-of-order", onset: "delivery", selfHealing: true }],
};

/** Accepted at 1021, in review at 1200, decided as approved at 1400; what is reported and shown is the test's. */
function reviewed(tell: (scene: Scene) => Scene, options: SceneOptions = { faults: [{}] }) {
  return framed(options, (s) =>
    tell(
      s
        .start(key, 1_000)
        .submit(key, 1_020)
        .add(1_200, { kind: "submission.advanced", key, submission: `s-${key}`, stage: "in-review" })
        .decide(key, 1_400)
        .fire(key, 1_400),
    ),
  );
}

const inReview = (s: Scene, t = 1_201) => s.deliver(key, t, { interim: "in-review" });
const result = (s: Scene, t = 1_401) => s.deliver(key, t, { stage: "settled" });

test("a system that waits for the last stage passes everything", () => {
  const verdict = judge(
    reviewed((s) => result(inReview(s)).settle(key, 1_500), {
      faults: [{ fault: "callback.out-of-order", onset: "delivery" }],
      scenario: { expect: { absorbs: true } },
    }),
  );
  expect(verdict.checks.filter(({ status }) => status === "failed")).toEqual([]);
});

test("who settles on a stage before the last has invented the result, and the line says which stage", () => {
  const history = reviewed((s) => inReview(s).settle(key, 1_300));
  expect(statusOf(history, "no-invented-result")).toBe("failed");
  expect(told(judge(history), "no-invented-result")).toMatch(
    /shows "paid" \(approved\) since 1\.3 s.*the stage "in-review" had been reported at 1\.2 s/,
  );
});

test("a stage before the last that was answered promises nothing about the result", () => {
  expect(check(judge(reviewed((s) => inReview(s))), "durable-acknowledgement")).toMatchObject({
    status: "passed",
    exercised: 2, // the baseline and the control group
  });
  expect(
    statusOf(
      reviewed((s) => result(inReview(s))),
      "durable-acknowledgement",
    ),
  ).toBe("failed");
});

test("a promise is broken when only a stage before the last was reported in time", () => {
  const demand = { scenario: { expect: { detects: { withinMs: 500 } } } };
  const missing = { faults: [{ fault: "callback.missing", onset: "promise" as const }], ...demand };
  expect(
    statusOf(
      reviewed((s) => inReview(s), missing),
      "detects",
    ),
  ).toBe("failed");
  expect(
    statusOf(
      reviewed((s) => inReview(s).poll(key, 2_300, null), missing),
      "detects",
    ),
  ).toBe("passed");
});

describe("a stage that comes after the result", () => {
  const late = (s: Scene) => inReview(result(s).settle(key, 1_500), 1_900);

  test("must not move a settled transaction back, and the line says which stage did", () => {
    const history = reviewed((s) => late(s).state(key, 2_000, "submitted"), OUT_OF_ORDER);
    expect(statusOf(history, "no-regression")).toBe("failed");
    expect(told(judge(history), "no-regression")).toContain(
      'after a delivery that says "in-review" at 1.9 s',
    );
  });

  test("is the onset, and is absorbed by who stays settled", () => {
    const options = { ...OUT_OF_ORDER, scenario: { expect: { absorbs: true as const } } };
    const history = reviewed((s) => s.deliver(key, 1_900, { interim: "in-review", faults: [0] }), options);
    const settled = reviewed(
      (s) =>
        result(s)
          .settle(key, 1_500)
          .deliver(key, 1_900, { interim: "in-review", faults: [0] }),
      options,
    );
    expect(judge(settled).verdict).toBe("passed");
    expect(judge(history).verdict).not.toBe("passed");
  });
});

describe("a second delivery", () => {
  const duplicate = {
    faults: [{ fault: "callback.duplicate", onset: "second-delivery" as const }],
    scenario: { expect: { detects: { withinMs: 300 } } },
  };
  /** Asked at 1950: a sign that comes in time when the onset is the second result, and not when it is the second report. */
  const asked = (s: Scene) => s.settle(key, 1_500).poll(key, 1_950);

  test("is the second of the same stage, not the report of another one", () => {
    const history = reviewed(
      (s) => asked(result(inReview(s)).deliver(key, 1_800, { stage: "settled", faults: [0] })),
      duplicate,
    );
    expect(statusOf(history, "detects")).toBe("passed");
  });

  test("is that of a stage before the last where that one came twice", () => {
    const history = reviewed(
      (s) => asked(result(inReview(s)).deliver(key, 1_300, { interim: "in-review", faults: [0] })),
      duplicate,
    );
    expect(statusOf(history, "detects")).toBe("failed");
  });
});

describe("a malformed report of a stage before the last", () => {
  const malformed = (s: Scene) =>
    s.deliver(key, 1_201, { interim: "in-review", content: "malformed", mutation: "truncated", faults: [0] });

  test("may be passed over when the result came through all the same", () => {
    expect(
      statusOf(
        reviewed((s) => result(malformed(s)).settle(key, 1_500)),
        "no-silent-discard",
      ),
    ).toBe("passed");
  });

  test("may not when the transaction did not settle", () => {
    const history = reviewed((s) => malformed(s));
    expect(statusOf(history, "no-silent-discard")).toBe("failed");
    expect(told(judge(history), "no-silent-discard")).toContain(
      'a malformed report of the stage "in-review" (truncated)',
    );
  });
});

test("a forged report of a stage must not be answered with 2xx, though it claims nothing", () => {
  const forged = (answer: number) =>
    reviewed((s) =>
      result(
        s.deliver(key, 1_201, { interim: "in-review", signature: "forged", content: "false", answer }),
      ).settle(key, 1_500),
    );
  expect(statusOf(forged(401), "rejects-forgery")).toBe("passed");
  expect(statusOf(forged(204), "rejects-forgery")).toBe("failed");
});
