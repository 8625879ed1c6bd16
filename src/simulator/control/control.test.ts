// The control of a running partner: every call, in process and over HTTP.
import { afterAll, describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { createClock } from "../../lib/clock.ts";
import { until } from "../../lib/wait.ts";
import { startSink } from "../callbacks/tests-support/sink.ts";
import { contractSchema } from "../contract/contract.ts";
import { CONTRACT, errorCodeOf, startTestPartner } from "../tests-support/partner.ts";
import { createControl } from "./control.ts";
import { ControlError } from "./control-error.ts";
import { bugs, type Controlled, PATIENT, startControlled } from "./tests-support/controlled.ts";

afterAll(() => expect(bugs).toEqual([]));

async function refusal(call: Promise<unknown>): Promise<ControlError> {
  const cause = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(cause).toBeInstanceOf(ControlError);
  return cause as ControlError;
}

describe.each([
  ["in process", ({ desk }: Controlled) => desk],
  ["over HTTP", ({ client }: Controlled) => client],
])("%s", (_, of) => {
  it("tells what the partner is", async () => {
    await using controlled = await startControlled();
    const about = await of(controlled).about();
    expect(about).toMatchObject({
      name: "Acme",
      url: controlled.test.partner.url,
      submit: "POST /v1/claims",
      status: "GET /v1/claims/:id",
      callback: null,
      outcomes: ["approved", "denied"],
      quiet: true,
    });
  });

  it("adds a fault that is met at once, lists it with what it did, and removes it", async () => {
    await using controlled = await startControlled();
    const { test } = controlled;
    const control = of(controlled);
    const added = await control.faults.add({ fault: "submit.unavailable", retryAfter: "7s" });
    expect(added).toMatchObject({
      use: { fault: "submit.unavailable", retryAfter: "7s" },
      inForce: true,
      fired: 0,
    });
    const refused = await test.submit("A");
    expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "7"]);
    expect(await control.faults.list()).toMatchObject([{ id: added.id, fired: 1 }]);
    await control.faults.remove(added.id);
    expect(await control.faults.list()).toEqual([]);
    expect((await test.submit("A")).status).toBe(202);
  });

  it("combines faults, and removing one leaves the others", async () => {
    await using controlled = await startControlled();
    const { test } = controlled;
    const control = of(controlled);
    const slow = await control.faults.add({ fault: "submit.slow", delay: "10s" });
    await control.faults.add({ fault: "status.unknown" });
    await control.faults.remove(slow.id);
    const { json } = await test.submit("A");
    expect((await test.status(String(json.id))).status).toBe(404);
    await control.faults.heal();
    expect((await test.status(String(json.id))).status).toBe(200);
    const names = test.events("fault.armed").map(({ fault, name }) => `${fault} ${name}`);
    expect(names).toEqual(["0 submit.slow", "1 status.unknown"]);
  });

  it("ends a fault when its time to live is over", async () => {
    await using controlled = await startControlled();
    const { test } = controlled;
    const control = of(controlled);
    const { until: ends } = await control.faults.add({ fault: "submit.unavailable", ttl: "300ms" });
    expect(Date.parse(ends ?? "")).toBeGreaterThan(Date.now() - 1_000);
    expect((await test.submit("A")).status).toBe(503);
    await test.event("fault.disarmed");
    expect(await control.faults.list()).toEqual([]);
    expect((await test.submit("A")).status).toBe(202);
  });

  it("takes the partner off the network and puts it back on the same port", async () => {
    await using controlled = await startControlled();
    const { test } = controlled;
    const control = of(controlled);
    const first = await control.faults.add({ fault: "connection.refused" });
    await control.faults.add({ fault: "submit.slow", delay: "1ms" });
    expect(await errorCodeOf(test.submit("A"))).toBe("ECONNREFUSED");
    await control.faults.remove(first.id);
    expect((await test.submit("A")).status).toBe(202);
    await control.faults.add({ fault: "connection.refused", ttl: "200ms" });
    expect(await errorCodeOf(test.submit("B"))).toBe("ECONNREFUSED");
    const isBack = async () => (await errorCodeOf(test.submit("B"))) === "none";
    expect(await until(isBack, { withinMs: 10_000 })).toBe(true);
  });

  it("counts windows and the first arrivals from the moment at which a fault is added", async () => {
    await using controlled = await startControlled();
    const { test } = controlled;
    const control = of(controlled);
    for (const key of ["A", "B", "C"]) await test.submit(key);
    await control.faults.add({ fault: "submit.unavailable", on: "first 1", during: "0s..1h" });
    const statuses = [];
    for (const key of ["A", "D", "E"]) {
      statuses.push((await test.submit(key, { idempotencyKey: `again-${key}` })).status);
    }
    expect(statuses).toEqual([202, 503, 202]);
  });

  it.each([
    [{ fault: "callback.mising" }, /did you mean "callback.missing"/],
    [{ fault: "callback.late", delai: "2s" }, /delai.*did you mean "delay"/],
    [{ fault: "submit.slow", delay: "soon" }, /delay/],
    [{ fault: "submit.slow", delay: "1s", ttl: "long" }, /ttl: .*duration/],
    [{ fault: "submit.slow", delay: "1s", on: { where: "start.x" } }, /`where` needs a run/],
    [{ fault: "system.crash", when: "1s" }, /neverfails run/],
    [{ fault: "system.crash" }, /system.crash is no fault of the partner's/],
  ])("explains what is wrong with %j, and arms nothing", async (fault, message) => {
    await using controlled = await startControlled();
    const control = of(controlled);
    const error = await refusal(control.faults.add(fault as never));
    expect(error.status).toBe(422);
    expect(error.message).toMatch(message);
    expect(error.mistakes[0]?.path).toBeDefined();
    expect(await control.faults.list()).toEqual([]);
  });

  it("refuses to remove a fault that is not there, and more faults than a hundred", async () => {
    await using controlled = await startControlled();
    const control = of(controlled);
    expect((await refusal(control.faults.remove("f7"))).status).toBe(404);
    for (let i = 0; i < 100; i++) await controlled.desk.faults.add({ fault: "callback.missing" });
    expect((await refusal(control.faults.add({ fault: "callback.missing" }))).status).toBe(409);
  });

  it("shows the ledger, whole, by key, by state and page by page", async () => {
    await using controlled = await startControlled(PATIENT);
    const { test } = controlled;
    const control = of(controlled);
    const ids: string[] = [];
    for (const key of ["A", "B", "C"]) ids.push(String((await test.submit(key)).json.id));
    expect((await control.submissions()).map(({ key }) => key)).toEqual(["A", "B", "C"]);
    expect(await control.submissions({ key: "B" })).toMatchObject([{ id: ids[1], state: "processing" }]);
    await control.lose(ids[2] ?? "");
    expect((await control.submissions({ state: "lost" })).map(({ key }) => key)).toEqual(["C"]);
    const first = await control.submissions({ limit: 2 });
    const next = await control.submissions({ limit: 2, after: first.at(-1)?.id });
    expect(next.map(({ key }) => key)).toEqual(["C"]);
    expect(await control.submission(ids[0] ?? "")).toMatchObject({ key: "A", body: { reference: "A" } });
    expect((await refusal(control.submission("nobody"))).status).toBe(404);
  });

  it("settles, rejects, sticks and loses one submission by hand", async () => {
    await using controlled = await startControlled(PATIENT);
    const { test } = controlled;
    const control = of(controlled);
    const [settled = "", rejected = "", stuck = "", lost = ""] = await Promise.all(
      ["A", "B", "C", "D"].map(async (key) => String((await test.submit(key)).json.id)),
    );
    expect(await control.settle(settled, { outcome: "denied" })).toMatchObject({
      state: "settled",
      outcome: "denied",
    });
    expect(await control.settle(rejected, { outcome: "rejected", reason: "not covered" })).toMatchObject({
      state: "rejected",
      reason: "not covered",
    });
    expect(await control.stick(stuck)).toMatchObject({ state: "processing" });
    expect(await control.lose(lost)).toMatchObject({ state: "lost" });
    expect((await test.status(settled)).json).toMatchObject({ status: "settled", outcome: "denied" });
    expect((await test.status(lost)).status).toBe(404);
    expect(test.partner.isQuiet()).toBe(true);
    expect(test.events("submission.processed").every(({ byHand }) => byHand)).toBe(true);

    expect((await refusal(control.settle(settled, { outcome: "approved" }))).status).toBe(409);
    expect((await refusal(control.lose(settled))).status).toBe(409);
    expect((await refusal(control.stick("nobody"))).status).toBe(404);
    const wrong = await refusal(control.settle(stuck, { outcome: "aproved" }));
    expect(wrong.message).toMatch(/did you mean "approved"/);
    expect(await control.settle(stuck, { outcome: "approved" })).toMatchObject({ state: "settled" });
  });

  it("lists the callbacks, and sends one again with the same event id", async () => {
    await using sink = await startSink();
    const callback = {
      to: sink.url,
      json: { id: "{{ delivery.id }}", outcome: "{{ submission.outcome }}" },
      retry: [],
    };
    await using controlled = await startControlled({ ...PATIENT, callback });
    const { test } = controlled;
    const control = of(controlled);
    const id = String((await test.submit("A")).json.id);
    expect((await refusal(control.redeliver(id))).status).toBe(409);
    await control.settle(id, { outcome: "approved" });
    await control.waitFor({ kind: "callback.acked", key: "A" });
    await control.redeliver(id);
    await test.event("callback.acked", 2);
    const callbacks = await control.callbacks({ key: "A" });
    expect(callbacks).toMatchObject([
      { state: "acknowledged", attempts: 1, outcome: "approved", submission: id },
      { state: "acknowledged", attempts: 1, outcome: "approved", submission: id },
    ]);
    expect(callbacks[0]?.event).toBe(callbacks[1]?.event);
    await controlled.desk.faults.add({ fault: "callback.missing" });
    const other = String((await test.submit("B")).json.id);
    await control.settle(other, { outcome: "approved" });
    await control.waitFor({ kind: "callback.withheld", key: "B" });
    expect(await control.callbacks({ state: "withheld" })).toMatchObject([{ delivery: null, key: "B" }]);
  });

  it("pages through the history", async () => {
    await using controlled = await startControlled();
    const { test } = controlled;
    const control = of(controlled);
    await test.submit("A");
    await control.waitFor({ kind: "submission.processed", key: "A" });
    const first = await control.history({ limit: 2 });
    expect(first.events.map(({ kind }) => kind)).toEqual(["submit.received", "submission.accepted"]);
    const rest = await control.history({ after: first.next });
    expect(rest.events[0]?.seq).toBe(3);
    expect(first.missed).toBe(false);
    const some = await control.history({ kind: "submission.processed", key: "A" });
    expect(some.events).toHaveLength(1);
    expect(some.next).toBe(rest.next);
  });

  it("follows the history live, and resumes after a number", async () => {
    await using controlled = await startControlled();
    const { test } = controlled;
    const control = of(controlled);
    await test.submit("A");
    const processed = await control.waitFor((event) => event.kind === "submission.processed");
    const seen: HistoryEvent[] = [];
    for await (const event of control.events({ after: processed.seq - 1 })) {
      if (seen.push(event) === 1) await test.submit("B");
      if (event.kind === "submission.processed" && event.key === "B") break;
    }
    expect(seen[0]?.seq).toBe(processed.seq);
    expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, i) => processed.seq + i));
  });

  it("waits no longer than it is told, and says what came instead", async () => {
    await using controlled = await startControlled();
    const control = of(controlled);
    await controlled.test.submit("A");
    await expect(control.waitFor({ kind: "submission.lost" }, { timeoutMs: 200 })).rejects.toThrow(
      /no event like .*submission\.lost.* within 200 ms; the last ones: .*submission\.accepted A/,
    );
    const stop = new AbortController();
    const waiting = control.waitFor({ kind: "submission.lost" }, { signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow(/enough/);
  });

  it("forgets everything on a reset, and decides the same again", async () => {
    await using controlled = await startControlled();
    const { test } = controlled;
    const control = of(controlled);
    const before = await test.submit("A", { idempotencyKey: "k" });
    await control.waitFor({ kind: "submission.processed", key: "A" });
    const [first] = await control.submissions();
    await control.faults.add({ fault: "status.unknown" });
    await control.reset();
    expect(await control.submissions()).toEqual([]);
    expect(await control.faults.list()).toEqual([]);
    expect(await control.callbacks()).toEqual([]);
    expect((await control.history()).events).toEqual([]);
    const again = await test.submit("A", { idempotencyKey: "k", body: '{"reference":"A","more":1}' });
    expect([again.status, again.json.id]).toEqual([202, before.json.id]);
    await control.waitFor({ kind: "submission.processed", key: "A" });
    expect((await control.submissions())[0]?.outcome).toBe(first?.outcome);
    expect((await control.faults.add({ fault: "callback.missing" })).id).toBe("f0");
  });
});

it("a partner over http has no certificate that could be wrong", async () => {
  await using controlled = await startControlled();
  const error = await refusal(controlled.desk.faults.add({ fault: "connection.tls", problem: "expired" }));
  expect([error.status, error.message]).toEqual([409, expect.stringMatching(/needs a partner over https/)]);
});

it("shows what happened before the control was created", async () => {
  const clock = createClock();
  const early: HistoryEvent[] = [];
  await using test = await startTestPartner(CONTRACT, { clock });
  const { history, partner } = test;
  const stop = history.subscribe((event) => early.push(event));
  await test.submit("A");
  const desk = createControl({
    partner,
    contract: contractSchema.parse(CONTRACT),
    clock,
    history,
    before: early,
  });
  stop();
  await test.event("submission.processed");
  const { events } = await desk.history();
  expect(events.map(({ seq }) => seq)).toEqual(history.events.map(({ seq }) => seq));
  desk.close();
});

it("a partner without callbacks has nothing to deliver again", async () => {
  await using controlled = await startControlled({ ...CONTRACT });
  const id = String((await controlled.test.submit("A")).json.id);
  expect((await refusal(controlled.desk.redeliver(id))).message).toMatch(/never calls back/);
});

describe("faults that are added while the partner runs", () => {
  it.each([
    ["every 2nd", [4, 8]],
    ["[1, 3, 5, 7]", [3, 7]],
    ["first 4", [2, 4]],
  ])("are spread over those that they hit: half of %s", async (on, stuck) => {
    await using controlled = await startControlled({
      ...PATIENT,
      process: { ...PATIENT.process, takes: "1ms" },
    });
    const { desk, test } = controlled;
    // Whoever came before does not count.
    for (const key of ["A", "B", "C"]) await test.submit(key);
    await desk.faults.add({ fault: "processing.partial", on: on.startsWith("[") ? JSON.parse(on) : on });
    for (let i = 1; i <= 8; i++) await test.submit(`K${i}`);
    expect(await test.settles()).toBe(true);
    const open = await desk.submissions({ state: "processing" });
    expect(open.map(({ key }) => key)).toEqual(stuck.map((nth) => `K${nth}`));
  });

  it("are refused for a stage that the contract does not have", async () => {
    await using controlled = await startControlled();
    const wrong = await refusal(
      controlled.desk.faults.add({ fault: "callback.missing", stage: "in-reveiw" }),
    );
    expect(wrong).toMatchObject({ status: 422, mistakes: [{ path: "stage" }] });
    expect(await controlled.desk.faults.list()).toEqual([]);
  });
});

it("tells who waits for an event when the partner is closed", async () => {
  await using controlled = await startControlled();
  const waiting = refusal(controlled.desk.waitFor({ kind: "callback.acked" }, { timeoutMs: 60_000 }));
  controlled.desk.close();
  expect(await waiting).toMatchObject({ status: 410, message: "the partner was closed" });
});

it("hides a secret of digits in texts, and leaves numbers and the words of events alone", async () => {
  await using controlled = await startControlled(
    { ...PATIENT, auth: { basic: { username: "u", password: "1234" } } },
    { secrets: ["1234", "partner"] },
  );
  const { test, client } = controlled;
  const headers = { authorization: `Basic ${Buffer.from("u:1234").toString("base64")}` };
  await test.submit("A", {
    headers,
    body: JSON.stringify({ reference: "A", amount: 1234.5, note: "it is 1234" }),
  });
  const [submission] = await client.submissions();
  expect(submission?.body).toEqual({ reference: "A", amount: 1234.5, note: "it is [redacted]" });
  const { events } = await client.history();
  expect(new Set(events.map(({ source }) => source))).toEqual(new Set(["partner"]));
});
