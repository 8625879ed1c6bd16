// The trustworthy example keeps what its README promises, against a partner that misbehaves by script.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { sleep, until } from "../src/lib/wait.ts";
import type { Script } from "./examples/scripted-partner.ts";
import { startStage } from "./examples/service.ts";

const trustworthy = (script: Partial<Script> = {}, without = "", variant = "") =>
  startStage({ example: "trustworthy-integration", script, without, variant });

describe.concurrent("the trustworthy integration, on a good day", () => {
  it("pays an approved claim once, and neither alerts nor polls", async () => {
    await using stage = await trustworthy();
    const id = await stage.start("CLM-1");
    expect(await stage.reaches(id, "paid")).toBe(true);
    expect((await stage.claim(id)).payments).toHaveLength(1);
    // Longer than the first question and the first alert would take.
    await sleep(2_300);
    expect(stage.partner.polls).toEqual([]);
    expect(stage.inbox.slack).toEqual([]);
    expect(stage.inbox.pagerDuty).toEqual([]);
    expect(JSON.parse(await stage.get("/status"))).toMatchObject({ healthy: true, partner: "up", stuck: 0 });
  });

  it("takes the same claim number twice as one claim", async () => {
    await using stage = await trustworthy();
    expect(await stage.start("CLM-1")).toBe(await stage.start("CLM-1"));
  });

  it("sends a test alert to every channel and closes it", async () => {
    await using stage = await trustworthy();
    expect((await stage.post("/test-alert")).status).toBe(200);
    expect(stage.inbox.slack).toHaveLength(1);
    expect(stage.inbox.pagerDuty.map((event) => event.event_action)).toEqual(["trigger", "resolve"]);
  });

  it("ends at once when it is asked to", async () => {
    await using stage = await trustworthy();
    await stage.start("CLM-1");
    expect(await stage.stop()).toBe(0);
  });

  it.each(["slower,json-order", "poll-only,extra-retries,second-channel"])(
    "is as right in its variants %s",
    async (variant) => {
      await using stage = await trustworthy({}, "", variant);
      const id = await stage.start("CLM-1");
      expect(await stage.reaches(id, "paid")).toBe(true);
      expect((await stage.claim(id)).payments).toHaveLength(1);
      expect(stage.inbox.slack).toEqual([]);
    },
  );
});

describe.concurrent("the trustworthy integration, when the partner is unavailable", () => {
  it("tries again with the same key and body, ever more slowly, until the partner has the claim", async () => {
    await using stage = await trustworthy({
      submit: (attempt) => (attempt <= 4 ? (attempt === 2 ? "reset" : "unavailable") : "accept"),
    });
    const id = await stage.start("CLM-1");
    expect(await stage.reaches(id, "paid", 10_000)).toBe(true);
    const sent = stage.partner.submissionsOf("CLM-1");
    expect(sent).toHaveLength(5);
    expect(new Set(sent.map(({ key, body }) => key + body)).size).toBe(1);
    const gaps = sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0));
    for (const [index, gap] of gaps.entries()) expect(gap).toBeGreaterThan(0.75 * (gaps[index - 1] ?? 150));
  });

  it("alerts the claims that wait by name, and closes the incident after recovery", async () => {
    await using stage = await trustworthy({ submit: () => "unavailable" });
    const ids = await Promise.all(["CLM-1", "CLM-2", "CLM-3"].map(stage.start));
    for (const [index, id] of ids.entries()) {
      expect(await stage.reaches(id, "needs_review")).toBe(true);
      expect(await until(() => stage.inbox.names(`CLM-${index + 1}`), { withinMs: 4_000 })).toBe(true);
    }
    expect(stage.inbox.slack.length).toBeLessThanOrEqual(3);
    expect(JSON.parse(await stage.get("/status"))).toMatchObject({
      healthy: false,
      partner: "down",
      stuck: 3,
    });
    expect(await stage.get("/metrics")).toContain("claims_stuck 3\n");
    stage.partner.script.submit = () => "accept";
    for (const id of ids) expect(await stage.reaches(id, "paid")).toBe(true);
    const resolved = () => stage.inbox.pagerDuty.at(-1)?.event_action === "resolve";
    expect(await until(resolved, { withinMs: 4_000 })).toBe(true);
  });

  it("waits as long as Retry-After says", async () => {
    await using stage = await trustworthy({
      submit: (attempt) => (attempt === 1 ? "unavailable" : "accept"),
      retryAfter: 2,
    });
    const id = await stage.start("CLM-1");
    expect(await stage.reaches(id, "paid", 8_000)).toBe(true);
    const [first, second] = stage.partner.submissionsOf("CLM-1");
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(1_990);
  });

  it("abandons requests that hang and tries again, while other claims go on", async () => {
    await using stage = await trustworthy({
      submit: (_, reference) => (reference === "CLM-1" ? "hang" : "accept"),
    });
    const hanging = await stage.start("CLM-1");
    const other = await stage.start("CLM-2");
    expect(await stage.reaches(other, "paid")).toBe(true);
    const triedAgain = () => stage.partner.submissionsOf("CLM-1").length >= 2;
    expect(await until(triedAgain, { withinMs: 5_000 })).toBe(true);
    stage.partner.script.submit = () => "accept";
    expect(await stage.reaches(hanging, "paid")).toBe(true);
  });

  it("submits once although the reply was lost", async () => {
    await using stage = await trustworthy({
      submit: (attempt) => (attempt === 1 ? "lose-reply" : "accept"),
      calls: false,
    });
    const id = await stage.start("CLM-1");
    expect(await stage.reaches(id, "paid")).toBe(true);
    expect(stage.partner.acceptedCount()).toBe(1);
  });

  it("picks up unfinished claims after a crash", async () => {
    await using stage = await trustworthy({ submit: () => "unavailable" });
    const id = await stage.start("CLM-1");
    await until(() => stage.partner.submissions.length > 0, { withinMs: 4_000 });
    await stage.crash();
    stage.partner.script.submit = () => "accept";
    expect(await stage.reaches(id, "paid")).toBe(true);
    expect(new Set(stage.partner.submissions.map(({ key }) => key)).size).toBe(1);
  });

  it("does not send a refused claim again, but hands it to people, who can", async () => {
    await using stage = await trustworthy({ submit: () => "refuse" });
    const id = await stage.start("CLM-1");
    expect(await stage.reaches(id, "needs_review")).toBe(true);
    expect(await until(() => stage.inbox.names("CLM-1"), { withinMs: 4_000 })).toBe(true);
    expect(stage.partner.submissions).toHaveLength(1);
    stage.partner.script.submit = () => "accept";
    expect((await stage.post(`/claims/${id}/replay`)).status).toBe(202);
    expect(await stage.reaches(id, "paid")).toBe(true);
    expect((await stage.post(`/claims/${id}/replay`)).status).toBe(409);
  });
});

describe.concurrent("the trustworthy integration, when a result does not come", () => {
  it("asks for it, and says which callbacks were missing", async () => {
    await using stage = await trustworthy({ calls: false });
    const id = await stage.start("CLM-1");
    expect(await stage.reaches(id, "paid")).toBe(true);
    expect(await until(() => stage.inbox.names("CLM-1"), { withinMs: 4_000 })).toBe(true);
    const asked = stage.partner.polls.length;
    await sleep(1_500);
    expect(stage.partner.polls).toHaveLength(asked);
    expect((await stage.claim(id)).payments).toHaveLength(1);
  });

  it("shows a claim that is never processed as needing review, and goes on asking", async () => {
    await using stage = await trustworthy({ outcome: null });
    const id = await stage.start("CLM-1");
    expect(await stage.reaches(id, "needs_review", 5_000)).toBe(true);
    expect(await until(() => stage.inbox.names("CLM-1"), { withinMs: 4_000 })).toBe(true);
    expect(await until(() => stage.partner.polls.length >= 3, { withinMs: 6_000 })).toBe(true);
  });

  it("hands a claim to people that the partner does not know any more", async () => {
    await using stage = await trustworthy({ outcome: null, status: "unknown" });
    const id = await stage.start("CLM-1");
    expect(await stage.reaches(id, "needs_review", 5_000)).toBe(true);
    const told = () => stage.inbox.slack.some((text) => text.includes("does not know"));
    expect(await until(told, { withinMs: 4_000 })).toBe(true);
  });

  it("takes a late rejection as final", async () => {
    await using stage = await trustworthy({ outcome: null, status: "rejected" });
    const id = await stage.start("CLM-1");
    expect(await stage.reaches(id, "rejected")).toBe(true);
    expect((await stage.claim(id)).payments).toEqual([]);
  });
});

describe.concurrent("the trustworthy integration, when the result is not as promised", () => {
  it("refuses a result that it cannot read, alerts, and asks for the truth", async () => {
    const unreadable = [
      (reference: string) => `{"id":"evt-1","type":"claim.settled","reference":"${reference}","outc`,
      (reference: string) => `<html><body>${reference}</body></html>`,
      (reference: string) => result({ reference, outcome: "escalated" }),
      (reference: string) => result({ reference, outcome: "Approved" }),
      (reference: string) => result({ reference, outcome: undefined }),
      (reference: string) => result({ reference, settledAt: "2026-01-02T03:04:05" }),
      (reference: string) => `[${result({ reference })}]`,
      (reference: string) => `{"outcome":"denied",${result({ reference }).slice(1)}`,
      (reference: string) => `\uFEFF${result({ reference })}`,
      () => "",
    ];
    await using stage = await trustworthy({ outcome: "denied", calls: false });
    const claims = unreadable.map((body, index) => ({ body, number: `CLM-${index + 10}` }));
    for (const { number } of claims) await stage.start(number);
    await until(() => stage.partner.acceptedCount() === claims.length, { withinMs: 4_000 });
    const answers = claims.map(({ body, number }) => stage.partner.report(number, { body: body(number) }));
    expect(await Promise.all(answers)).toEqual(claims.map(() => 422));
    for (const { number } of claims) {
      expect(await until(() => stage.inbox.names(number), { withinMs: 6_000 })).toBe(true);
      // The same number again is the same claim.
      expect(await stage.reaches(await stage.start(number), "denied")).toBe(true);
    }
    const resolved = () => stage.inbox.pagerDuty.at(-1)?.event_action === "resolve";
    expect(await until(resolved, { withinMs: 6_000 })).toBe(true);
  });

  it("does not mind fields that it does not know", async () => {
    await using stage = await trustworthy({ calls: false });
    const id = await stage.start("CLM-1");
    await until(() => stage.partner.acceptedCount() === 1, { withinMs: 4_000 });
    expect(
      await stage.partner.report("CLM-1", { body: result({ note: 'a "quoted": word', more: { a: [1] } }) }),
    ).toBe(200);
    expect((await stage.claim(id)).status).toBe("paid");
  });

  it("refuses forged, unsigned and old results, and results about claims that it does not have", async () => {
    await using stage = await trustworthy({ outcome: null });
    const id = await stage.start("CLM-1");
    await until(() => stage.partner.acceptedCount() === 1, { withinMs: 4_000 });
    const secret = `whsec_${Buffer.from("somebody else's secret").toString("base64")}`;
    expect(await stage.partner.report("CLM-1", { secret })).toBe(401);
    expect(await stage.partner.report("CLM-1", { headers: { "webhook-signature": "" } })).toBe(401);
    expect(await stage.partner.report("CLM-1", { signedAt: Date.now() - 3_600_000 })).toBe(401);
    expect(await stage.partner.report("CLM-1", { body: result({ reference: "CLM-999" }) })).toBe(404);
    expect(["received", "submitted"]).toContain((await stage.claim(id)).status);
  });
});

describe.concurrent("the trustworthy integration, when the same result comes again", () => {
  it("pays once, whether the copies come at once or later, and under whatever id", async () => {
    await using stage = await trustworthy();
    const id = await stage.start("CLM-1");
    expect(await stage.reaches(id, "paid")).toBe(true);
    const again = Array.from({ length: 5 }, () => stage.partner.report("CLM-1"));
    expect(await Promise.all(again)).toEqual([200, 200, 200, 200, 200]);
    expect((await stage.claim(id)).payments).toHaveLength(1);
  });

  it("keeps the first of two results that contradict each other", async () => {
    await using stage = await trustworthy();
    const id = await stage.start("CLM-1");
    expect(await stage.reaches(id, "paid")).toBe(true);
    await stage.partner.report("CLM-1", { outcome: "denied" });
    expect((await stage.claim(id)).status).toBe("paid");
    expect(await stage.get("/metrics")).toContain('callbacks_total{result="conflict"} 1');
  });
});

describe.concurrent("what each protection is for: without it", () => {
  it("idempotency: a lost reply makes two submissions", async () => {
    await using stage = await trustworthy(
      { submit: (attempt) => (attempt === 1 ? "lose-reply" : "accept"), calls: false },
      "idempotency",
    );
    await stage.start("CLM-1");
    expect(await until(() => stage.partner.acceptedCount() === 2, { withinMs: 5_000 })).toBe(true);
  });

  it("retries: a claim that failed once is never submitted, only surfaced", async () => {
    await using stage = await trustworthy(
      { submit: (attempt) => (attempt === 1 ? "reset" : "accept") },
      "retries",
    );
    const id = await stage.start("CLM-1");
    expect(await stage.reaches(id, "needs_review", 5_000)).toBe(true);
    expect(stage.partner.submissions).toHaveLength(1);
  });

  it("backoff: an outage is answered with a storm", async () => {
    await using stage = await trustworthy({ submit: () => "unavailable" }, "backoff");
    await stage.start("CLM-1");
    expect(await until(() => stage.partner.submissions.length > 12, { withinMs: 2_500 })).toBe(true);
  });

  it("dedup: every copy of a result pays again", async () => {
    await using stage = await trustworthy({}, "dedup");
    const id = await stage.start("CLM-1");
    expect(await stage.reaches(id, "paid")).toBe(true);
    await stage.partner.report("CLM-1");
    expect((await stage.claim(id)).payments).toHaveLength(2);
  });

  it("signature: anybody can have a claim paid", async () => {
    await using stage = await trustworthy({ outcome: null }, "signature");
    const id = await stage.start("CLM-1");
    await until(() => stage.partner.acceptedCount() === 1, { withinMs: 4_000 });
    const secret = `whsec_${Buffer.from("somebody else's secret").toString("base64")}`;
    await stage.partner.report("CLM-1", { secret });
    expect((await stage.claim(id)).status).toBe("paid");
  });

  it("schema-validation: a word that nobody knows becomes a status", async () => {
    await using stage = await trustworthy({ outcome: null }, "schema-validation");
    const id = await stage.start("CLM-1");
    await until(() => stage.partner.acceptedCount() === 1, { withinMs: 4_000 });
    await stage.partner.report("CLM-1", { outcome: "escalated" });
    expect((await stage.claim(id)).status).toBe("escalated");
  });

  it("quarantine: what cannot be read is swallowed", async () => {
    await using stage = await trustworthy({ outcome: null }, "quarantine");
    await stage.start("CLM-1");
    await until(() => stage.partner.acceptedCount() === 1, { withinMs: 4_000 });
    expect(await stage.partner.report("CLM-1", { body: "<html>CLM-1</html>" })).toBe(200);
  });

  it("error-isolation: what cannot be read ends the service", async () => {
    await using stage = await trustworthy({ outcome: null }, "error-isolation");
    await stage.start("CLM-1");
    await until(() => stage.partner.acceptedCount() === 1, { withinMs: 4_000 });
    await stage.partner.report("CLM-1", { body: "{" });
    expect(await until(() => !stage.isAlive(), { withinMs: 4_000 })).toBe(true);
  });

  it("persist-first: a crash forgets a claim that was acknowledged", async () => {
    await using stage = await trustworthy({ outcome: null }, "persist-first");
    const id = await stage.start("CLM-1");
    await stage.crash();
    expect((await stage.claim(id)).status).toBeUndefined();
  });

  it("final-states: the last result wins", async () => {
    await using stage = await trustworthy({}, "final-states");
    const id = await stage.start("CLM-1");
    expect(await stage.reaches(id, "paid")).toBe(true);
    await stage.partner.report("CLM-1", { outcome: "denied" });
    expect((await stage.claim(id)).status).toBe("denied");
  });

  it("unknown-status: a lost claim is forgotten in silence", async () => {
    await using stage = await trustworthy({ outcome: null, status: "unknown" }, "unknown-status");
    const id = await stage.start("CLM-1");
    expect(await until(() => stage.partner.polls.length === 1, { withinMs: 5_000 })).toBe(true);
    await sleep(1_500);
    expect((await stage.claim(id)).status).toBe("submitted");
    expect(stage.inbox.slack).toEqual([]);
  });

  it("stop-polling: settled claims are asked about for ever", async () => {
    await using stage = await trustworthy({}, "stop-polling");
    await stage.start("CLM-1");
    expect(await until(() => stage.partner.polls.length >= 2, { withinMs: 6_000 })).toBe(true);
  });

  it("alert-names and alert-resolve: people hear of some claims, and never that it is over", async () => {
    await using stage = await trustworthy({ outcome: null }, "alert-names,alert-resolve");
    const id = await stage.start("CLM-1");
    expect(await until(() => stage.inbox.slack.length > 0, { withinMs: 6_000 })).toBe(true);
    expect(stage.inbox.names("CLM-1")).toBe(false);
    await stage.partner.report("CLM-1");
    expect((await stage.claim(id)).status).toBe("paid");
    await sleep(700);
    expect(stage.inbox.pagerDuty.every((event) => event.event_action === "trigger")).toBe(true);
  });

  it("refuses to start without a protection that it does not know", async () => {
    const folder = fileURLToPath(new URL("../examples/trustworthy-integration", import.meta.url));
    const child = spawn(process.execPath, ["server.js"], {
      cwd: folder,
      env: { PATH: process.env.PATH, WITHOUT: "retires" },
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const [code] = await once(child, "close");
    expect(code).toBe(1);
    expect(said).toMatch(/unknown retires.*retries/s);
  });
});

/** A result about CLM-1 with some fields changed. */
function result(changes: Record<string, unknown>): string {
  const honest = {
    id: "evt-1",
    type: "claim.settled",
    claim: "{claim}",
    reference: "CLM-1",
    outcome: "denied",
    settledAt: "2026-01-02T03:04:05.678Z",
  };
  return JSON.stringify({ ...honest, outcome: changes.note ? "approved" : "denied", ...changes });
}
