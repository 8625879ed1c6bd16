// Four runs as the reports meet them: one that failed, one that passed, one without an answer, one cut short.
import type { Expectations } from "../../history/header.ts";
import type { RunRecord } from "../../history/run-record.ts";
import { check, claimsSystem, measure, run, scenario } from "./record-builder.ts";

const watched: Expectations = {
  detects: { withinMs: 4_000 },
  alerts: { withinMs: 5_000, names: "each" },
  recovers: { withinMs: 8_000 },
};
const asks = {
  unavailable: "What happens if the partner is unavailable?",
  cannotProcess: "What happens if it accepts the request but cannot process it?",
  neverReports: "What happens if it never reports the result?",
  format: "What happens if it reports the result in an unexpected format?",
  twice: "What happens if it sends the same result twice?",
};
const titles = {
  steady: "Nothing is wrong with the partner",
  outage: "The partner cannot be reached for two seconds",
  stuck: "The partner accepts the claim and never processes it",
  missing: "The partner processes the claim but never reports the result",
  outcome: "The result carries an outcome that the contract does not know",
  twice: "Every result is delivered twice at once",
};

const { fallback: _, ...withoutFallback } = claimsSystem;

export function failedRun(): RunRecord {
  const silent = (what: string) =>
    Array.from({ length: 9 }, (_, i) => `claim CLM-${String(i + 4).padStart(4, "0")}: ${what}`);
  const scenarios = [
    scenario({ id: "steady-state", title: titles.steady }),
    scenario({
      id: "unavailable/brief-outage",
      title: titles.outage,
      asks: asks.unavailable,
      faults: ["connection.refused"],
      expect: watched,
      verdict: "failed",
      checks: [
        check(
          "detects",
          "failed",
          ...silent(
            'could not be submitted since 1.21 s; still "received" at 5.21 s, no retry, no unhealthy signal',
          ),
        ),
        check(
          "alerts",
          "failed",
          ...silent(
            'refused since 1.21 s; no alert named it by 6.21 s; its log says "ECONNREFUSED": logged only',
          ),
        ),
        check(
          "recovers",
          "failed",
          ...silent('the partner was back at 3.2 s; still "received" at 11.2 s, never submitted again'),
        ),
        check(
          "no-lost-transaction",
          "failed",
          ...silent(
            'accepted by the system at 1.2 s, never reached Acme Clearinghouse, still "received" at 12 s; no alert (due by 6.21 s)',
          ),
        ),
        check("agrees-with-partner", "passed"),
      ],
      measures: {
        detect: measure(0, null, 9),
        alert: measure(0, null, 9),
        recover: measure(3, 400, 9),
        delay: measure(3, 700, 9),
        loggedOnly: 9,
      },
      counts: { settledRight: 3, pending: 9, valueAtRisk: 21_310 },
    }),
    scenario({
      id: "cannot-process/stuck-forever",
      title: titles.stuck,
      asks: asks.cannotProcess,
      faults: ["processing.stuck"],
      expect: { ...watched, recovers: { withinMs: 8_000, to: "attention" } },
      verdict: "failed",
      checks: [
        check("detects", "failed", ...silent('result due by 2.4 s; still "submitted" at 6.4 s')),
        check("alerts", "failed", ...silent("result due by 2.4 s; no alert named it by 7.4 s")),
        check(
          "no-lost-transaction",
          "failed",
          ...silent(
            'accepted by Acme Clearinghouse at 1.4 s, result due by 2.4 s, still "submitted" at 12 s; no alert (due by 7.4 s)',
          ),
        ),
        check("agrees-with-partner", "passed"),
      ],
      measures: {
        detect: measure(0, null, 9),
        alert: measure(0, null, 9),
        recover: measure(3, 400, 9),
        delay: measure(3, 720, 9),
      },
      counts: { settledRight: 3, pending: 9, valueAtRisk: 20_004 },
    }),
    scenario({
      id: "never-reports/missing-callback",
      title: titles.missing,
      asks: asks.neverReports,
      faults: ["callback.missing"],
      expect: watched,
      verdict: "failed",
      checks: [
        check(
          "detects",
          "failed",
          ...silent('result due by 2.21 s; still "submitted" at 6.21 s, not one status request'),
        ),
        check("alerts", "failed", ...silent("result due by 2.21 s; no alert named it by 7.21 s")),
        check(
          "no-lost-transaction",
          "failed",
          ...silent(
            'accepted by Acme Clearinghouse at 1.2 s, result due by 2.2 s, still "submitted" at 12 s; no alert (due by 7.2 s)',
          ),
        ),
        check(
          "agrees-with-partner",
          "failed",
          ...silent('approved by Acme Clearinghouse at 1.44 s; the system still says "submitted" at 12 s'),
        ),
      ],
      measures: {
        detect: measure(0, null, 9),
        alert: measure(0, null, 9),
        recover: measure(3, 410, 9),
        delay: measure(3, 690, 9),
      },
      counts: { settledRight: 3, pending: 9, valueAtRisk: 19_870 },
    }),
    scenario({
      id: "unexpected-format/unknown-outcome",
      title: titles.outcome,
      asks: asks.format,
      faults: ["payload.malformed"],
      expect: watched,
      verdict: "failed",
      checks: [
        check(
          "no-invented-result",
          "failed",
          ...silent(
            'paid at 1.62 s, although the result said "APPROVED_V2" and the partner had not decided "approved"',
          ),
        ),
        check("detects", "passed"),
        check("alerts", "failed", ...silent("malformed result at 1.6 s; no alert named it by 6.6 s")),
      ],
      measures: {
        detect: measure(9, 640),
        alert: measure(0, null, 9),
        recover: measure(12, 1_210),
        delay: measure(12, 2_300),
      },
      counts: { settledRight: 12 },
    }),
    scenario({
      id: "same-result-twice/duplicate-at-once",
      title: titles.twice,
      asks: asks.twice,
      faults: ["callback.duplicate"],
      expect: { absorbs: true },
      verdict: "failed",
      checks: [
        check("absorbs", "failed", "9 of 9 claims were harmed by a second delivery of the same result"),
        check(
          "no-duplicate-effect",
          "failed",
          ...silent(
            "2 payments for one approval, the second at 1.71 s, right after the second delivery of evt_17",
          ),
        ),
      ],
      counts: { settledRight: 3, settledWrong: 9, valueAtRisk: 22_480 },
    }),
  ];
  return run(scenarios, {
    system: { ...withoutFallback, name: "one-day-integration", operatorReplay: false },
    claims: [
      {
        claim: "never loses a claim",
        checks: ["no-lost-transaction"],
        refutedBy: [
          {
            scenario: "never-reports/missing-callback",
            check: "no-lost-transaction",
            text: 'claim CLM-0004: accepted by Acme Clearinghouse at 1.2 s, still "submitted" at 12 s',
          },
        ],
        notRefutedBy: 1,
      },
      { claim: "never acts on a forged result", checks: ["rejects-forgery"], refutedBy: [], notRefutedBy: 0 },
    ],
  });
}

export function passedRun(): RunRecord {
  const held = [
    check("detects", "passed"),
    check("alerts", "passed"),
    check("recovers", "passed"),
    check("no-lost-transaction", "passed"),
    check("agrees-with-partner", "passed"),
    check("rejects-forgery", "not-exercised", "no forged delivery was sent"),
  ];
  const article = (
    id: string,
    title: string,
    question: string,
    fault: string,
    worst: [number, number, number],
  ) =>
    scenario({
      id,
      title,
      asks: question,
      faults: [fault],
      expect: watched,
      checks: held,
      measures: {
        detect: measure(9, worst[0]),
        alert: measure(9, worst[1]),
        recover: measure(12, worst[2]),
        delay: measure(12, worst[2] + 2_000),
      },
    });
  return run(
    [
      scenario({ id: "steady-state", title: titles.steady }),
      article(
        "unavailable/brief-outage",
        titles.outage,
        asks.unavailable,
        "connection.refused",
        [412, 1_530, 1_904],
      ),
      article(
        "cannot-process/stuck-forever",
        titles.stuck,
        asks.cannotProcess,
        "processing.stuck",
        [2_011, 2_106, 0],
      ),
      article(
        "never-reports/missing-callback",
        titles.missing,
        asks.neverReports,
        "callback.missing",
        [640, 2_122, 812],
      ),
      article(
        "unexpected-format/unknown-outcome",
        titles.outcome,
        asks.format,
        "payload.malformed",
        [160, 230, 1_312],
      ),
      scenario({
        id: "same-result-twice/duplicate-at-once",
        title: titles.twice,
        asks: asks.twice,
        faults: ["callback.duplicate"],
        expect: { absorbs: true },
        checks: [
          check("absorbs", "passed"),
          check("no-duplicate-effect", "passed"),
          check("agrees-with-partner", "passed"),
        ],
      }),
    ],
    {
      system: { ...claimsSystem, name: "trustworthy-integration" },
      claims: [
        { claim: "never loses a claim", checks: ["no-lost-transaction"], refutedBy: [], notRefutedBy: 4 },
      ],
    },
  );
}

export function inconclusiveRun(): RunRecord {
  return run([
    scenario({
      id: "steady-state",
      title: titles.steady,
      checks: [check("no-duplicate-effect", "cannot-tell", "workflow.inspect.effects is not configured")],
    }),
    scenario({
      id: "never-reports/missing-callback",
      title: titles.missing,
      asks: asks.neverReports,
      faults: ["callback.missing"],
      expect: watched,
      verdict: "inconclusive",
      reasons: ["callback.missing never fired: the system stopped submitting at 0.8 s"],
      checks: [
        check("detects", "not-exercised", "no transaction was ever affected"),
        check(
          "alerts",
          "inconclusive",
          "claim CLM-0007: an alert came between 6.1 s and 6.4 s, due by 6.2 s",
        ),
        check("no-duplicate-effect", "cannot-tell", "workflow.inspect.effects is not configured"),
      ],
    }),
  ]);
}

export function interruptedRun(): RunRecord {
  const [first] = passedRun().scenarios;
  return run(first ? [first] : [], {
    interrupted: true,
    notRun: ["never-reports/missing-callback", "same-result-twice/duplicate-at-once"],
  });
}

/** Everything that can be hostile, in every text that comes from outside. */
export const HOSTILE = `\u001b[31mred\u001b[0m \u001b]0;owned\u0007\u202Etxt.exe ]]> <script>alert(1)</script> | **bold** [x](javascript:1) @team \`code\` & "q" 'a'\u0000\u0008\r\nsecond line \ud800 \u009b31m 漢字 👩‍👩‍👧 ${"x".repeat(900)}`;

export function hostileRun(): RunRecord {
  return run(
    [
      scenario({
        id: "hostile/<b>&'\"]]>",
        title: HOSTILE,
        asks: HOSTILE,
        faults: [HOSTILE],
        verdict: "failed",
        reasons: [HOSTILE],
        checks: [
          check("alerts", "failed", HOSTILE, HOSTILE, HOSTILE, HOSTILE),
          check("stays-up", "error", HOSTILE),
          check("detects", "waived", HOSTILE),
        ],
      }),
    ],
    {
      seed: HOSTILE,
      partner: HOSTILE,
      system: {
        ...claimsSystem,
        name: HOSTILE,
        noun: "claim",
        fallback: HOSTILE,
        channels: [{ name: HOSTILE, kind: "slack", owner: HOSTILE, for: ["business", "technical"] }],
      },
      claims: [
        {
          claim: HOSTILE,
          checks: ["alerts"],
          refutedBy: [{ scenario: HOSTILE, check: "alerts", text: HOSTILE }],
          notRefutedBy: 0,
        },
      ],
      notRun: [HOSTILE],
    },
  );
}
