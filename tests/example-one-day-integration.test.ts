// The one-day example works on a good day, and fails on the others in the ways that its README asks about.
import { describe, expect, it } from "vitest";
import { sleep, until } from "../src/lib/wait.ts";
import type { Script } from "./examples/scripted-partner.ts";
import { startStage } from "./examples/service.ts";

const oneDay = (script: Partial<Script> = {}) => startStage({ example: "one-day-integration", script });

describe.concurrent("the one-day integration", () => {
  it("pays an approved claim", async () => {
    await using stage = await oneDay();
    const id = await stage.start("CLM-1");
    expect(await stage.reaches(id, "paid")).toBe(true);
    expect((await stage.claim(id)).payments).toHaveLength(1);
  });

  it("sends a test alert, and no other", async () => {
    await using stage = await oneDay({ submit: () => "unavailable" });
    await stage.start("CLM-1");
    expect((await stage.post("/test-alert")).status).toBe(200);
    await sleep(1_500);
    expect([stage.inbox.slack.length, stage.inbox.pagerDuty.length]).toEqual([1, 1]);
  });

  it("logs a claim that it could not submit, and leaves it at that", async () => {
    await using stage = await oneDay({ submit: (attempt) => (attempt === 1 ? "unavailable" : "accept") });
    const id = await stage.start("CLM-1");
    expect(await until(() => stage.log().includes("claim CLM-1"), { withinMs: 4_000 })).toBe(true);
    await sleep(1_500);
    expect((await stage.claim(id)).status).toBe("received");
    expect(stage.partner.submissions).toHaveLength(1);
  });

  it("never asks for a result that does not come", async () => {
    await using stage = await oneDay({ calls: false });
    const id = await stage.start("CLM-1");
    await sleep(2_500);
    expect((await stage.claim(id)).status).toBe("submitted");
    expect(stage.partner.polls).toEqual([]);
  });

  it("pays twice for the same result, and believes anybody", async () => {
    await using stage = await oneDay();
    const id = await stage.start("CLM-1");
    expect(await stage.reaches(id, "paid")).toBe(true);
    const secret = `whsec_${Buffer.from("somebody else's secret").toString("base64")}`;
    expect(await stage.partner.report("CLM-1", { secret })).toBe(200);
    expect((await stage.claim(id)).payments).toHaveLength(2);
  });

  it("takes a submitted claim again when an operator asks for it", async () => {
    await using stage = await oneDay({ submit: (attempt) => (attempt === 1 ? "unavailable" : "accept") });
    const id = await stage.start("CLM-1");
    expect((await stage.post(`/claims/${id}/replay`)).status).toBe(202);
    expect(await stage.reaches(id, "paid")).toBe(true);
  });
});
