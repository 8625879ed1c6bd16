// Quotas, met by a client: who is admitted, what the others are told, and that waiting as long as that helps.
import { describe, expect, it } from "vitest";
import { sleep } from "../../lib/wait.ts";
import { startTestPartner } from "../tests-support/partner.ts";
import { faultUseSchema } from "./index.ts";

describe("submit.throttled", () => {
  it("admits the quota of all transactions together, and tells the others when to come back", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "submit.throttled", quota: { requests: 2, per: "1s" } }]);
    const replies = [];
    for (const key of ["A", "B", "C", "D"]) replies.push(await acme.submit(key));
    expect(replies.map(({ status }) => status)).toEqual([202, 202, 429, 429]);
    expect(replies.map(({ headers }) => headers.ratelimit)).toEqual([
      '"default";r=1;t=1',
      '"default";r=0;t=1',
      '"default";r=0;t=1',
      '"default";r=0;t=1',
    ]);
    for (const { headers } of replies) expect(headers["ratelimit-policy"]).toBe('"default";q=2;w=1');
    const [admitted, , refused] = replies;
    expect(admitted?.headers["retry-after"]).toBeUndefined();
    expect(refused?.headers).toMatchObject({
      "retry-after": "1",
      "content-type": "application/problem+json",
    });
    expect(refused?.json).toMatchObject({
      type: "https://iana.org/assignments/http-problem-types#quota-exceeded",
      status: 429,
      "violated-policies": ["default"],
    });
    expect(acme.partner.ledger.size).toBe(2);
    // Headers alone are no fault.
    expect(acme.events("fault.fired").map(({ key }) => key)).toEqual(["C", "D"]);
    expect(acme.events("submit.replied").map(({ retryAfterMs }) => retryAfterMs)).toEqual([
      undefined,
      undefined,
      1_000,
      1_000,
    ]);
    await sleep(1_020);
    expect((await acme.submit("C")).status).toBe(202);
  });

  it("ends with heal, and a plan that is armed anew begins with a full quota", async () => {
    await using acme = await startTestPartner();
    const quota = [{ fault: "submit.throttled", quota: "1/m" }];
    for (const key of ["A", "C"]) {
      await acme.arm(quota);
      expect((await acme.submit(key)).status).toBe(202);
      expect((await acme.submit(`${key}2`)).status).toBe(429);
      await acme.partner.heal();
      const free = await acme.submit(`${key}3`);
      expect(free.status).toBe(202);
      expect(free.headers.ratelimit).toBeUndefined();
    }
  });

  it("limits those that are selected and nobody else", async () => {
    await using acme = await startTestPartner(undefined, { ordinalOf: (key) => Number(key.slice(1)) });
    await acme.arm([{ fault: "submit.throttled", quota: "1/m", on: "every 2nd" }], 6);
    const statuses: number[] = [];
    for (let i = 1; i <= 6; i++) statuses.push((await acme.submit(`K${i}`)).status);
    expect(statuses).toEqual([202, 202, 202, 429, 202, 429]);
  });
});

describe("status.throttled", () => {
  it("refuses to be asked too often, which tells nothing about the work", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "status.throttled", quota: { requests: 1, per: "30s" } }]);
    const { json } = await acme.submit("A");
    const id = String(json.id);
    expect((await acme.status(id)).headers).toMatchObject({
      "ratelimit-policy": '"default";q=1;w=30',
      ratelimit: '"default";r=0;t=30',
    });
    const refused = await acme.status(id);
    expect(refused).toMatchObject({ status: 429, headers: { "retry-after": "30" } });
    expect(acme.events("status.replied")[1]).toMatchObject({
      status: 429,
      retryAfterMs: 30_000,
      faults: [0],
    });
    expect(acme.events("status.replied")[1]).not.toHaveProperty("state");
    expect((await acme.submit("B")).status).toBe(202);
  });
});

it.each(["0/s", "5/h", "5", { requests: 0, per: "1s" }, { requests: 1, per: "0s" }, { requests: 1 }])(
  "%j is no quota",
  (quota) => {
    expect(faultUseSchema.safeParse({ fault: "submit.throttled", quota }).success).toBe(false);
  },
);
