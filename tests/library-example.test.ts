import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type RunningPartner, startPartner } from "../src/index.ts";

let partner: RunningPartner;
beforeAll(async () => {
  partner = await startPartner({
    name: "Paywell",
    submit: { post: "/payments", key: "body.reference" },
    process: { takes: "50ms", outcomes: { paid: "100%" }, promises: "1s" },
  });
});
beforeEach(() => partner.reset());
afterAll(() => partner.close());

// Yours: whatever sends a payment and tries again when Paywell is down.
async function pay(reference: string): Promise<void> {
  for (let attempt = 1; attempt <= 3; attempt++) {
    const response = await fetch(`${partner.url}/payments`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ reference }),
    });
    if (response.ok) return;
  }
  throw new Error(`${reference} was not taken`);
}

it("tries again when the partner is down", async () => {
  await partner.faults.add({ fault: "submit.unavailable", attempts: "1..2" });
  await pay("P-1");
  await partner.waitFor({ kind: "submission.processed", key: "P-1" });
  expect(await partner.submissions()).toMatchObject([{ key: "P-1", outcome: "paid" }]);
});
