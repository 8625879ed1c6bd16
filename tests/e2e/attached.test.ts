// One instance for several scenarios: a system that already runs, attached by url, and `isolation: suite`.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readHistoryFile } from "../../src/history/ndjson.ts";
import type { RunRecord } from "../../src/history/run-record.ts";
import { freePort } from "../../src/lib/ports.ts";
import { until } from "../../src/lib/wait.ts";
import { cli } from "../support/cli.ts";
import { tinySystem } from "../support/tiny-system.ts";

const passedTwice = [
  ["slow", "passed"],
  ["steady", "passed"],
];
const verdicts = (stdout: string) =>
  (JSON.parse(stdout) as RunRecord).scenarios.map(({ scenario, verdict }) => [scenario.id, verdict.verdict]);

/** Replaces the `system:` block of the tiny project's configuration. */
function withSystem(folder: string, system: string): string {
  const config = readFileSync(join(folder, "neverfails.yaml"), "utf8");
  return config.replace(/system:\n( {2}.*\n)+/, system);
}

it("drives a system that already runs, again and again, and leaves it running", async () => {
  const [port, partner] = await Promise.all([freePort(), freePort()]);
  const folder = tinySystem();
  const attached = tinySystem({
    "neverfails.yaml": `${withSystem(folder, `system: { url: "http://127.0.0.1:${port}", ready: { get: /healthz } }\n`)}ports: { partner: ${partner} }\n`,
  });
  const env = { ...process.env, PORT: String(port), PARTNER_URL: `http://127.0.0.1:${partner}` };
  const system = spawn(process.execPath, ["server.mjs"], { cwd: attached, env, stdio: "ignore" });
  try {
    const healthy = async () =>
      (await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined))?.ok === true;
    expect(await until(healthy, { withinMs: 10_000, everyMs: 50 })).toBe(true);
    for (const seed of ["1", "1"]) {
      const { stdout, stderr, code } = await cli(["run", "--seed", seed, "--reporter", "json"], {
        cwd: attached,
      });
      expect(stderr).not.toMatch(/mistake/);
      expect(verdicts(stdout)).toEqual(passedTwice);
      expect(code).toBe(0);
    }
    expect(await healthy()).toBe(true);
  } finally {
    system.kill();
  }
});

it("keeps one instance over all scenarios with isolation: suite", async () => {
  const plain = tinySystem();
  const shared = tinySystem({
    "neverfails.yaml": readFileSync(join(plain, "neverfails.yaml"), "utf8").replace(
      "system:\n",
      "system:\n  isolation: suite\n",
    ),
  });
  const { stdout, code } = await cli(["run", "--seed", "1", "--reporter", "json", "--output", "out"], {
    cwd: shared,
  });
  expect(verdicts(stdout)).toEqual(passedTwice);
  expect(code).toBe(0);
  const pids = ["slow", "steady"].map((id) => {
    const { events } = readHistoryFile(join(shared, `out/latest/history/${id}.ndjson`));
    const started = events.find((event) => event.kind === "system.started");
    return started?.kind === "system.started" ? started.pid : undefined;
  });
  expect(pids[0]).toBeTypeOf("number");
  expect(pids[1]).toBe(pids[0]);
});
