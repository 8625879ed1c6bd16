// For tests: histories of a trustworthy system in different kinds of trouble. All of them pass.
import type { Group } from "../../../history/event.ts";
import type { History } from "../../../history/header.ts";
import { type SceneOptions, scene } from "./history-builder.ts";

export type Scene = ReturnType<typeof scene>;

/** Baseline BASE-1 at 0, canary, faults from 1 s to heal at 3 s, control CLM-0009; the run ends at 8 s. */
export function framed(options: SceneOptions, tell: (scene: Scene) => Scene): History {
  const start = scene(options)
    .phase(0, "baseline")
    .add(1, { kind: "system.started", url: "http://127.0.0.1:1" });
  start
    .canary()
    .signal(10, true, { since: 0 })
    .happy("BASE-1", 10, "baseline")
    .phase(1_000, "fault")
    .happy("CLM-0009", 1_010);
  return tell(start).phase(3_000, "heal").phase(3_001, "drain").end(8_000).history();
}

/** The callback never comes; the system asks, is told, and names both claims to people. */
export function missingCallbackPolled(): History {
  const expect = {
    detects: { withinMs: 1_000 },
    alerts: { withinMs: 1_000, names: "each", atMost: 3, resolves: { withinMs: 2_000 } },
    recovers: { withinMs: 2_000 },
  } as const;
  return framed({ faults: [{}], scenario: { expect } }, (s) => {
    for (const [index, key] of ["CLM-0001", "CLM-0002"].entries()) {
      const t = 1_000 + index * 50;
      s.start(key, t)
        .submit(key, t + 20)
        .decide(key, t + 220)
        .fire(key, t + 220);
      s.add(t + 221, { kind: "callback.withheld", key, submission: `s-${key}`, reason: "callback.missing" });
      s.poll(key, t + 1_300).settle(key, t + 1_450);
    }
    s.alert(2_200, "no result for claims CLM-0001, CLM-0002", { alert: "overdue" });
    s.alert(2_210, "results overdue: CLM-0001, CLM-0002", { alert: "overdue", channel: "onCall" });
    return s.resolve(2_800, "overdue");
  });
}

/** The result comes twice, and counts once. */
export function duplicateAbsorbed(): History {
  const faults = [{ fault: "callback.duplicate", onset: "second-delivery" as const }];
  return framed({ faults, scenario: { expect: { absorbs: true } } }, (s) => {
    s.happy("CLM-0001", 1_000, "faulted").fire("CLM-0001", 1_221);
    s.deliver("CLM-0001", 1_222, { faults: [0] });
    s.happy("CLM-0002", 1_050, "faulted", "denied").fire("CLM-0002", 1_271);
    return s.deliver("CLM-0002", 1_800, { claims: "denied", faults: [0] });
  });
}

/** The reply is lost after the partner accepted; the same submission is sent again and answered from the ledger. */
export function lostReplyRetried(): History {
  const faults = [
    { fault: "submit.lost-reply", point: "submit", onset: "attempt" as const, settings: { ending: "reset" } },
  ];
  const expect = { detects: { withinMs: 2_000 }, recovers: { withinMs: 3_000 } };
  return framed({ faults, scenario: { expect } }, (s) => {
    s.start("CLM-0001", 1_000)
      .submit("CLM-0001", 1_020, { cut: "partner", faults: [0] })
      .fire("CLM-0001", 1_021);
    return s
      .submit("CLM-0001", 1_320, { attempt: 2 })
      .decide("CLM-0001", 1_400)
      .deliver("CLM-0001", 1_401)
      .settle("CLM-0001", 1_550);
  });
}

/** 503 for a while, the first with Retry-After; retried with growing waits. */
export function outageRetried(): History {
  const faults = [
    {
      fault: "submit.unavailable",
      point: "submit",
      onset: "attempt" as const,
      spares: false,
      selfHealing: false,
    },
  ];
  const expect = {
    detects: { withinMs: 2_000 },
    alerts: { withinMs: 3_000, names: "partner" as const },
    recovers: { withinMs: 3_000 },
  };
  return framed({ faults, scenario: { expect } }, (s) => {
    s.start("CLM-0001", 1_000);
    for (const [index, t] of [1_020, 1_530, 1_930, 2_730].entries()) {
      const attempt = index + 1;
      s.submit("CLM-0001", t, {
        attempt,
        status: 503,
        faults: [0],
        ...(index === 0 ? { retryAfterMs: 500 } : {}),
      });
      s.fire("CLM-0001", t, { attempt });
    }
    s.alert(2_000, "Acme is unavailable").submit("CLM-0001", 3_900, { attempt: 5, effect: "accepted" });
    s.decide("CLM-0001", 4_100).deliver("CLM-0001", 4_101).settle("CLM-0001", 4_250);
    return probe(s);
  });
}

/** A forged result besides the genuine one: refused, and nothing changes. */
export function forgeryRefused(): History {
  const faults = [{ fault: "callback.forged", onset: "delivery" as const }];
  return framed({ faults, scenario: { expect: { recovers: { withinMs: 3_000 } } } }, (s) => {
    s.happy("CLM-0001", 1_000, "faulted").fire("CLM-0001", 1_150);
    return s.deliver("CLM-0001", 1_150, {
      signature: "forged",
      content: "false",
      claims: "denied",
      answer: 401,
      faults: [0],
    });
  });
}

/** A report of one transaction under the reference of the next: refused, told to people, and nothing changes. */
export function misdirectedRefused(): History {
  const faults = [{ fault: "callback.misdirected", onset: "delivery" as const }];
  const expect = { detects: { withinMs: 1_000 }, recovers: { withinMs: 3_000 } };
  return framed({ faults, scenario: { expect } }, (s) => {
    s.happy("CLM-0001", 1_000, "faulted").fire("CLM-0001", 1_210);
    s.deliver("CLM-0001", 1_215, {
      reference: "CLM-0002",
      content: "false",
      claims: "denied",
      answer: 422,
      faults: [0],
    });
    s.alert(1_400, "a report for CLM-0002 carries the id of CLM-0001");
    return s.happy("CLM-0002", 1_050, "faulted");
  });
}

/** The partner takes back what it had decided and reported: the system asks, and hands what it has done to people. */
export function correctionSurfaced(): History {
  const faults = [
    { fault: "processing.wrong", point: "processing", onset: "correction" as const, selfHealing: true },
  ];
  const expect = {
    detects: { withinMs: 1_000, through: ["state" as const] },
    recovers: { withinMs: 3_000, to: "attention" as const },
  };
  return framed({ faults, scenario: { expect } }, (s) => {
    s.happy("CLM-0001", 1_000, "faulted").fire("CLM-0001", 2_220).decide("CLM-0001", 2_220, "denied");
    s.deliver("CLM-0001", 2_221, { claims: "denied" }).poll("CLM-0001", 2_300, "denied");
    return s.state("CLM-0001", 2_450, "needs_review").alert(2_500, "corrected by Acme: CLM-0001");
  });
}

/** The result cannot be read: set aside, surfaced to people by name, and fetched by asking. */
export function malformedQuarantined(): History {
  const faults = [{ fault: "payload.malformed", point: "payload", onset: "delivery" as const }];
  const expect = { detects: { withinMs: 1_000, through: ["state" as const] }, recovers: { withinMs: 3_000 } };
  return framed({ faults, scenario: { expect } }, (s) => {
    s.start("CLM-0001", 1_000).submit("CLM-0001", 1_020).decide("CLM-0001", 1_220).fire("CLM-0001", 1_221);
    s.deliver("CLM-0001", 1_221, {
      content: "malformed",
      claims: null,
      mutation: "unknown-enum",
      faults: [0],
    });
    s.state("CLM-0001", 1_350, "needs_review").alert(1_400, "unreadable result for CLM-0001");
    return s.poll("CLM-0001", 2_000).settle("CLM-0001", 2_150);
  });
}

/** A request that is never answered: given up, tried again. */
export function hangGivenUp(): History {
  const faults = [{ fault: "connection.hangs", point: "connection", onset: "attempt" as const }];
  return framed({ faults, scenario: { expect: { recovers: { withinMs: 3_000 } } } }, (s) => {
    s.start("CLM-0001", 1_000).fire("CLM-0001", 1_020);
    s.submit("CLM-0001", 1_020, { cut: "client", effect: "none", takes: 900, faults: [0] });
    s.submit("CLM-0001", 2_200, { attempt: 2, effect: "accepted" });
    return s.decide("CLM-0001", 2_400).deliver("CLM-0001", 2_401).settle("CLM-0001", 2_550);
  });
}

/** Refused for good: not sent again, surfaced to people. */
export function rejectionHonoured(): History {
  const faults = [
    { fault: "submit.error", point: "submit", onset: "attempt" as const, settings: { status: 422 } },
  ];
  const expect = { detects: { withinMs: 1_000 }, recovers: { withinMs: 2_000, to: "attention" as const } };
  return framed({ faults, scenario: { expect } }, (s) => {
    s.start("CLM-0001", 1_000)
      .submit("CLM-0001", 1_020, { status: 422, faults: [0] })
      .fire("CLM-0001", 1_021);
    return s.state("CLM-0001", 1_200, "needs_review").alert(1_250, "refused by Acme: CLM-0001");
  });
}

/** No fault at all. */
export function steadyState(): History {
  return scene({})
    .phase(0, "baseline")
    .add(1, { kind: "system.started", url: "http://127.0.0.1:1" })
    .canary()
    .happy("CLM-0001", 10)
    .happy("CLM-0002", 60, "control", "denied")
    .end(4_000)
    .history();
}

function probe(s: Scene, group: Group = "probe"): Scene {
  return s.happy("CLM-0100", 3_500, group);
}

export const PASSING = {
  missingCallbackPolled,
  duplicateAbsorbed,
  lostReplyRetried,
  outageRetried,
  forgeryRefused,
  misdirectedRefused,
  correctionSurfaced,
  malformedQuarantined,
  hangGivenUp,
  rejectionHonoured,
  steadyState,
} as const;
