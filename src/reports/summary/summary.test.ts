import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../history/run-record.ts";
import type { CheckId, CheckResult, CheckStatus } from "../../history/verdict.ts";
import { check, claimsSystem, measure, run, scenario } from "../tests-support/record-builder.ts";
import { failedRun, inconclusiveRun, interruptedRun, passedRun } from "../tests-support/sample-runs.ts";
import type { BusinessAnswer } from "./business.ts";
import { summarize } from "./summary.ts";
import type { TrustAnswer } from "./trust.ts";

const withChecks = (...checks: [CheckId, CheckStatus][]) =>
  run([
    scenario({
      id: "a/b",
      faults: ["callback.missing"],
      checks: checks.map(([id, status]) => check(id, status, "because")),
    }),
  ]);
const trust = (record: RunRecord, id: TrustAnswer["id"]) =>
  summarize(record).trust.find((answer) => answer.id === id);
const business = (record: RunRecord, id: BusinessAnswer["id"]) =>
  summarize(record).business.find((answer) => answer.id === id);

describe("the five questions", () => {
  it("are answered by the worst verdict and the worst times of the scenarios that ask", () => {
    const asks = "What happens if it never reports the result?";
    const expectation = { detects: { withinMs: 1 }, alerts: { withinMs: 1 } };
    const [, , answer] = summarize(
      run([
        scenario({
          id: "x/1",
          asks,
          expect: expectation,
          measures: { detect: measure(9, 500), alert: measure(9, 700) },
        }),
        scenario({
          id: "x/2",
          asks,
          expect: expectation,
          verdict: "failed",
          measures: { detect: measure(8, 900), alert: measure(6, 300, 3) },
        }),
        scenario({ id: "x/3", asks: "Something else?", verdict: "error" }),
      ]),
    ).questions;
    expect(answer).toMatchObject({ verdict: "failed" });
    expect(answer?.readings).toEqual({
      detect: { kind: "measured", worstMs: 900, of: 17 },
      alert: { kind: "never", never: 3, of: 18 },
      recover: { kind: "none" },
    });
  });

  it("forgive wording, and take a scenario without `asks` by its folder", () => {
    const { questions } = summarize(
      run([
        scenario({ id: "x/1", asks: "What happens if the partner never reports the processing result" }),
        scenario({ id: "same-result-twice/mine" }),
        scenario({ id: "unavailable/other", asks: "Is it blue?" }),
      ]),
    );
    expect(questions.map(({ verdict }) => verdict)).toEqual([
      "not-asked",
      "not-asked",
      "passed",
      "not-asked",
      "passed",
    ]);
  });

  it("never read `never` where silence is what was asked for", () => {
    const absorbing = scenario({
      id: "same-result-twice/x",
      expect: { absorbs: true },
      measures: { detect: measure(0, null, 9), alert: measure(0, null, 9) },
    });
    const answer = summarize(run([absorbing])).questions.at(-1);
    expect(answer).toMatchObject({ verdict: "passed", absorbs: true });
    expect(answer?.readings.alert).toEqual({ kind: "none" });
  });
});

describe("can we detect when it breaks", () => {
  it.each<[string, [CheckId, CheckStatus][], string]>([
    [
      "every exercised expectation passed",
      [
        ["detects", "passed"],
        ["alerts", "passed"],
        ["no-false-alarm", "not-exercised"],
      ],
      "yes",
    ],
    [
      "one was not exercised, the others passed",
      [
        ["detects", "passed"],
        ["alerts", "not-exercised"],
      ],
      "yes",
    ],
    [
      "one failed",
      [
        ["detects", "passed"],
        ["alerts", "failed"],
      ],
      "no",
    ],
    [
      "one failed and one is open",
      [
        ["detects", "inconclusive"],
        ["alerts", "failed"],
      ],
      "no",
    ],
    [
      "one is inconclusive",
      [
        ["detects", "passed"],
        ["alerts", "inconclusive"],
      ],
      "cannot-tell",
    ],
    [
      "one cannot be told",
      [
        ["detects", "passed"],
        ["alerts", "cannot-tell"],
      ],
      "cannot-tell",
    ],
    [
      "one threw",
      [
        ["detects", "passed"],
        ["alerts", "error"],
      ],
      "cannot-tell",
    ],
    ["nothing was exercised", [["detects", "not-exercised"]], "cannot-tell"],
    ["nothing was demanded", [["no-lost-transaction", "passed"]], "cannot-tell"],
    ["it was waived", [["alerts", "waived"]], "cannot-tell"],
  ])("when %s", (_, checks, answer) => {
    expect(trust(withChecks(...checks), "detects")?.answer).toBe(answer);
  });

  it("counts the scenarios in its evidence and what was logged only", () => {
    expect(trust(failedRun(), "detects")?.evidence).toBe(
      "detects failed in 3 of 4 scenarios, alerts in 4 of 4; 9 failures logged only",
    );
  });
});

describe("can we tell whether it works today", () => {
  it.each<[string, [CheckId, CheckStatus][], Partial<typeof claimsSystem>, string]>([
    ["its states agreed", [["agrees-with-partner", "passed"]], {}, "yes"],
    ["its states contradict the partner", [["agrees-with-partner", "failed"]], {}, "no"],
    [
      "it raised a false alarm",
      [
        ["agrees-with-partner", "passed"],
        ["no-false-alarm", "failed"],
      ],
      {},
      "no",
    ],
    ["no signal is configured", [["agrees-with-partner", "passed"]], { signals: [] }, "cannot-tell"],
    ["agreement was never exercised", [["no-invented-result", "passed"]], {}, "cannot-tell"],
    ...(["inconclusive", "cannot-tell", "error"] as const).map(
      (status): [string, [CheckId, CheckStatus][], Partial<typeof claimsSystem>, string] => [
        `an invented result is ${status}`,
        [
          ["agrees-with-partner", "passed"],
          ["no-invented-result", status],
        ],
        {},
        "cannot-tell",
      ],
    ),
    [
      "no result could have been invented",
      [
        ["agrees-with-partner", "passed"],
        ["no-invented-result", "not-exercised"],
      ],
      {},
      "yes",
    ],
  ])("when %s", (_, checks, system, answer) => {
    const record = { ...withChecks(...checks), system: { ...claimsSystem, ...system } };
    expect(trust(record, "works-today")?.answer).toBe(answer);
  });

  it.each([
    ["was never readable", { readable: false, healthy: null }, "never readable: healthy"],
    ["was red before any fault", { readable: true, healthy: false }, "unhealthy before any fault: healthy"],
  ])("cannot tell when its only signal %s", (_what, worth, evidence) => {
    const record = withChecks(["agrees-with-partner", "passed"]);
    record.system = { ...claimsSystem, signals: ["healthy"] };
    for (const { verdict } of record.scenarios) verdict.signals = [{ name: "healthy", ...worth }];
    expect(trust(record, "works-today")).toMatchObject({
      answer: "cannot-tell",
      evidence: expect.stringContaining(evidence),
    });
  });

  it("cannot tell without a way to read states", () => {
    const { states: _, ...blind } = claimsSystem;
    const answer = trust(
      { ...withChecks(["agrees-with-partner", "cannot-tell"]), system: blind },
      "works-today",
    );
    expect(answer).toMatchObject({
      answer: "cannot-tell",
      evidence: expect.stringContaining("workflow.inspect"),
    });
  });
});

describe("can we estimate the impact", () => {
  it("is never answered yes, because the system's own figures are not measured", () => {
    for (const sample of [passedRun, inconclusiveRun, interruptedRun])
      expect(trust(sample(), "impact")?.answer).toBe("cannot-tell");
  });

  it("is answered no when the system's records contradict the partner's", () => {
    expect(trust(withChecks(["agrees-with-partner", "failed"]), "impact")?.answer).toBe("no");
  });
});

describe("can we recover missed transactions", () => {
  it.each<[string, [CheckId, CheckStatus][], string]>([
    [
      "recovery was demanded and happened",
      [
        ["recovers", "passed"],
        ["no-lost-transaction", "passed"],
      ],
      "yes",
    ],
    [
      "one was lost",
      [
        ["recovers", "passed"],
        ["no-lost-transaction", "failed"],
      ],
      "no",
    ],
    ["nothing had to be recovered", [["no-lost-transaction", "passed"]], "cannot-tell"],
    [
      "recovery is inconclusive",
      [
        ["recovers", "inconclusive"],
        ["no-lost-transaction", "passed"],
      ],
      "cannot-tell",
    ],
  ])("when %s", (_, checks, answer) => {
    expect(trust(withChecks(...checks), "recovers")?.answer).toBe(answer);
  });
});

describe("a waiver", () => {
  const lost = check("no-lost-transaction", "failed", "claim CLM-1: lost");
  const waived: CheckResult = { ...lost, status: "waived", reason: "waived: known; would have been failed" };
  const about = (result: CheckResult) =>
    trust(run([scenario({ id: "a/b", checks: [check("recovers", "passed"), result] })]), "recovers");

  it("of what was found excuses the scenario, but answers no question with yes", () => {
    expect(about(waived)).toMatchObject({
      answer: "cannot-tell",
      evidence: "no verdict: no-lost-transaction is waived in a/b",
    });
  });

  it("of what held changes nothing", () => {
    expect(about({ ...waived, findings: [] })?.answer).toBe("yes");
  });
});

describe("the business questions", () => {
  const delayed = (worstMs: number | null, pending = 0) =>
    run([
      scenario({
        id: "a/b",
        faults: ["callback.missing"],
        measures: { delay: measure(worstMs === null ? 0 : 12, worstMs) },
        counts: { pending, settledRight: 12 - pending },
      }),
    ]);

  it.each([
    ["within the tolerance", delayed(10_000), "good"],
    ["above the tolerance", delayed(10_001), "bad"],
    ["within it, but some never arrived", delayed(900, 2), "bad"],
    ["never measured", delayed(null), "unknown"],
    ["measured on a good day only", run([scenario({ id: "steady-state" })]), "unknown"],
  ])("judge a delay %s", (_, record, standing) => {
    expect(business(record, "delay")?.standing).toBe(standing);
  });

  it("say so when nothing is declared", () => {
    const { toleratesMs: _, fallback: __, ...bare } = claimsSystem;
    const record = { ...passedRun(), system: { ...bare, channels: [], operatorReplay: false } };
    expect(business(record, "delay")).toMatchObject({
      standing: "unknown",
      answer: expect.stringContaining("No tolerance is declared"),
    });
    for (const id of ["stuck-work", "fallback", "owner"] as const)
      expect(business(record, id)?.standing).toBe("bad");
  });

  it("do not accuse a system whose states cannot be read", () => {
    const { states: _, ...blind } = claimsSystem;
    const unseen = scenario({
      id: "a/b",
      faults: ["callback.missing"],
      counts: { settledRight: 0, pending: 12 },
    });
    const record = run([unseen], { system: blind });
    for (const id of ["delay", "impact"] as const) {
      expect(business(record, id)).toMatchObject({
        standing: "unknown",
        answer: expect.stringContaining("Cannot tell"),
      });
    }
  });

  it("do not believe in a channel that stayed silent", () => {
    expect(business(failedRun(), "stuck-work")).toMatchObject({
      standing: "bad",
      answer:
        "Claims operations (slack channel claimsOps), in theory: no alert came for 36 of 36 affected claims.",
    });
  });

  it("sum up the impact over all scenarios by the ledger", () => {
    expect(summarize(failedRun()).impact).toMatchObject({
      transactions: 72,
      notRight: 36,
      unnoticed: 36,
      valueAtRisk: 83_664,
    });
    expect(business(failedRun(), "impact")?.answer).toContain("value at risk 83,664");
    const unvalued = run([
      scenario({ id: "a/b", counts: { settledRight: 11, pending: 1, valueAtRisk: null } }),
    ]);
    expect(business(unvalued, "impact")?.answer).toContain("their value is not declared");
  });
});

describe("claims", () => {
  it.each([
    [failedRun, "refuted", "refuted by 5 of 6 scenarios", undefined],
    [passedRun, "not-refuted", "not refuted by 6 scenarios", undefined],
    [inconclusiveRun, "not-refuted", "not refuted by 1 scenario", "1 inconclusive"],
    [interruptedRun, "not-refuted", "not refuted by 1 scenario", "2 not run"],
    [() => run([]), "not-tested", "not tested: no scenario reached a verdict", undefined],
  ])("are refuted, not refuted or not tested", (sample, standing, result, reservation) => {
    const [main] = summarize(sample()).claims;
    expect(main).toMatchObject({ standing, result });
    expect(main.reservation).toBe(reservation);
  });

  it("count a repeated scenario once, by its worst run", () => {
    const repeats = [1, 2, 3].map((repeat) =>
      scenario({ id: "a/b", repeat, verdict: repeat === 2 ? "failed" : "passed" }),
    );
    const { claims, headline } = summarize(run([...repeats, scenario({ id: "c/d" })]));
    expect(claims[0].result).toBe("refuted by 1 of 2 scenarios");
    expect(headline.reason).toBe("1 of 2 scenarios broke it");
  });
});
