// A partner that hands out tokens: who fetches a new one passes, who never does is failed, and no secret is written down.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readHistoryFile } from "../../src/history/ndjson.ts";
import type { RunRecord } from "../../src/history/run-record.ts";
import { cli } from "../support/cli.ts";
import { CLIENT_SECRET, oauthSystem } from "../support/oauth-system.ts";

async function run(fetches: "anew" | "once") {
  const folder = oauthSystem();
  const { code, stderr } = await cli(["run", "--seed", "7", "--output", "out"], {
    cwd: folder,
    env: { FETCHES: fetches },
  });
  const out = join(folder, "out/latest");
  const record: RunRecord = JSON.parse(readFileSync(join(out, "run.json"), "utf8"));
  const verdict = record.scenarios[0]?.verdict;
  return { code, out, stderr, verdict, ...readHistoryFile(join(out, "history/expired.ndjson")) };
}

const failed = (verdict: Awaited<ReturnType<typeof run>>["verdict"]) =>
  verdict?.checks.filter(({ status }) => status === "failed").map(({ id }) => id);

it("passes a system that fetches a new token, and hides every secret and token in what it writes", async () => {
  const { code, out, verdict, events } = await run("anew");
  expect(verdict?.reasons).toEqual([]);
  expect(code).toBe(0);
  expect(events.filter(({ kind }) => kind === "token.issued").length).toBeGreaterThanOrEqual(2);
  const refused = events.filter((event) => event.kind === "submit.replied" && event.status === 401);
  expect(refused.length).toBeGreaterThanOrEqual(1);
  expect(refused[0]).toMatchObject({ effect: "refused", faults: [0] });

  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const written = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8")).join("\n");
  expect(written).toContain("a token for token-fetcher: [redacted], by Basic [redacted]");
  expect(written).not.toMatch(/nfat_/);
  expect(written).not.toContain(CLIENT_SECRET);
  expect(written).not.toContain(Buffer.from(`token-fetcher:${CLIENT_SECRET}`).toString("base64"));
});

it("fails a system that never fetches one again, although it tries for ever", async () => {
  const { code, verdict } = await run("once");
  expect(code).toBe(1);
  expect(failed(verdict)).toEqual(expect.arrayContaining(["recovers", "no-lost-transaction"]));
});
