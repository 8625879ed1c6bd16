// What is taken out of the works by hand stays out of them when its time comes.
import { expect, it } from "vitest";
import { CONTRACT, startTestPartner } from "../tests-support/partner.ts";

const PROCESS = { ...CONTRACT.process, takes: "300ms", promises: "1s" };
const STAGES = [
  { name: "received", takes: "150ms" },
  { name: "settled", takes: "150ms" },
];

it.each([
  ["waits for an honest decision", { ...CONTRACT, process: PROCESS }, []],
  ["passes stages", { ...CONTRACT, process: PROCESS, stages: STAGES }, []],
  ["is slowed down by a fault", CONTRACT, [{ fault: "processing.slow", takes: "300ms" }]],
])("leaves to the hand what %s", async (_, contract, faults) => {
  await using acme = await startTestPartner(contract);
  await acme.arm(faults);
  const byHand = String((await acme.submit("A")).json.id);
  expect(acme.partner.byHand.stick(byHand)).toBe("done");
  expect(acme.partner.isQuiet()).toBe(true);
  // Whatever comes later is due later.
  await acme.submit("B");
  expect(acme.partner.isQuiet()).toBe(false);
  const first = await acme.event("submission.processed");
  expect(first.key).toBe("B");
  expect(acme.partner.isQuiet()).toBe(true);
  expect(acme.partner.byHand.settle(byHand, { state: "settled", outcome: "denied" })).toBe("done");
  expect(acme.events("submission.processed").map(({ key }) => key)).toEqual(["B", "A"]);
  expect(acme.partner.ledger.byId(byHand)).toMatchObject({ state: "settled", outcome: "denied" });
});

it("leaves alone what was decided by hand before its reply went out", async () => {
  await using acme = await startTestPartner();
  const { byHand, ledger } = acme.partner;
  acme.history.subscribe((event) => {
    if (event.kind === "submission.accepted" && event.key === "A")
      byHand.settle(event.submission, { state: "settled", outcome: "denied" });
  });
  const { json } = await acme.submit("A");
  expect(json.status).toBe("settled");
  expect(acme.partner.isQuiet()).toBe(true);
  await acme.submit("B");
  await acme.event("submission.processed", 2);
  expect(acme.events("submission.processed").map(({ key }) => key)).toEqual(["A", "B"]);
  expect(ledger.byId(String(json.id))).toMatchObject({ state: "settled", outcome: "denied" });
});
