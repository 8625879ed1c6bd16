// Faults under load: at full speed, the ledger, the history and what the sink received must agree exactly.
import { expect, it } from "vitest";
import { until } from "../lib/wait.ts";
import { startSink } from "./callbacks/tests-support/sink.ts";
import { CONTRACT, errorCodeOf, startTestPartner } from "./tests-support/partner.ts";

const TRANSACTIONS = 1_000;
const CONNECTIONS = 64;
const MOST_ATTEMPTS = 5;

const FAULTS = [
  { fault: "submit.unavailable", on: "10%", attempts: 1 },
  { fault: "submit.lost-reply", on: "10%", attempts: 1 },
  { fault: "callback.missing", on: "10%" },
  { fault: "callback.duplicate", on: "10%" },
  { fault: "processing.rejected", on: "10%" },
];
const [UNAVAILABLE, LOST_REPLY, MISSING, DUPLICATE, REJECTED] = [0, 1, 2, 3, 4];

it("keeps ledger, history and sink in exact agreement with five faults at full speed", async () => {
  await using sink = await startSink();
  await using acme = await startTestPartner(
    {
      ...CONTRACT,
      callback: {
        to: sink.url,
        json: { reference: "{{ submission.key }}", outcome: "{{ submission.outcome }}" },
        retry: [],
      },
    },
    { ordinalOf: (key) => Number(key.slice(1)) },
  );
  const plan = await acme.arm(FAULTS, TRANSACTIONS);
  const hit = (fault: number | undefined) => {
    const selected = plan.schedule.faults[fault ?? -1]?.selected;
    return new Set(selected === "everyone" ? [] : selected);
  };

  let next = 0;
  const attempts = new Map<number, number>();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (next < TRANSACTIONS) {
        next += 1;
        const ordinal = next;
        attempts.set(ordinal, await submitUntilAccepted(`K${ordinal}`));
      }
    }),
  );
  expect(await until(() => acme.partner.isQuiet(), { withinMs: 30_000, everyMs: 20 })).toBe(true);

  const received = tally(sink.received.map(({ body }) => JSON.parse(body.toString()) as Result));
  const sent = tally(
    acme.events("callback.sent").map(({ key, claims }) => ({ reference: key, outcome: claims })),
  );
  const wrong: unknown[] = [];
  for (let ordinal = 1; ordinal <= TRANSACTIONS; ordinal++) {
    const key = `K${ordinal}`;
    const [submission, ...more] = acme.partner.ledger.byKey(key);
    const expected = {
      attempts: 1 + Number(hit(UNAVAILABLE).has(ordinal) || hit(LOST_REPLY).has(ordinal)),
      submissions: 1,
      rejected: hit(REJECTED).has(ordinal),
      deliveries: hit(MISSING).has(ordinal) ? 0 : hit(DUPLICATE).has(ordinal) ? 2 : 1,
      outcomes: hit(MISSING).has(ordinal) ? [] : [submission?.outcome],
    };
    const found = {
      attempts: attempts.get(ordinal),
      submissions: 1 + more.length,
      rejected: submission?.state === "rejected",
      deliveries: received.get(key)?.length ?? 0,
      outcomes: [...new Set(received.get(key))],
    };
    const inHistory = sent.get(key)?.length ?? 0;
    if (JSON.stringify(found) !== JSON.stringify(expected) || inHistory !== found.deliveries) {
      wrong.push({ key, expected, found, inHistory });
    }
  }
  expect(wrong).toEqual([]);
  expect(acme.partner.ledger.size).toBe(TRANSACTIONS);
  expect(acme.events("submission.accepted")).toHaveLength(TRANSACTIONS);
  for (const fault of FAULTS.keys()) {
    const fired = acme.events("fault.fired").filter((event) => event.fault === fault);
    expect(new Set(fired.map(({ key }) => Number(key.slice(1))))).toEqual(felt(fault));
  }

  /** What is never sent cannot be sent twice. */
  function felt(fault: number): Set<number> {
    const selected = hit(fault);
    if (fault !== DUPLICATE) return selected;
    return new Set([...selected].filter((one) => !hit(MISSING).has(one)));
  }

  async function submitUntilAccepted(key: string): Promise<number> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      let status = 0;
      const code = await errorCodeOf(acme.submit(key).then((answer) => (status = answer.status)));
      if (code === "none" && status === 202) return attempt;
    }
    throw new Error(`${key} was not accepted in ${MOST_ATTEMPTS} attempts`);
  }
}, 60_000);

interface Result {
  reference: string;
  outcome: string | null;
}

function tally(results: readonly Result[]): Map<string, (string | null)[]> {
  const found = new Map<string, (string | null)[]>();
  for (const { reference, outcome } of results) {
    found.set(reference, [...(found.get(reference) ?? []), outcome]);
  }
  return found;
}
