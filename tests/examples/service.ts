// Runs an example as its own process, with a scripted partner and an inbox beside it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../src/lib/ports.ts";
import { until } from "../../src/lib/wait.ts";
import { startInbox } from "./inbox.ts";
import { type Script, SECRET, startScriptedPartner } from "./scripted-partner.ts";

export interface Claim {
  id: string;
  claimNumber: string;
  status: string;
  payments: unknown[];
}

export interface StageOptions {
  example: "one-day-integration" | "trustworthy-integration";
  without?: string;
  variant?: string;
  script?: Partial<Script>;
}

/** The service, its partner and its inbox, all of them ended by `await using`. */
export async function startStage({ example, without = "", variant = "", script }: StageOptions) {
  const partner = await startScriptedPartner(script);
  const inbox = await startInbox();
  const dataDir = await mkdtemp(join(tmpdir(), "neverfails-example-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const folder = fileURLToPath(new URL(`../../examples/${example}`, import.meta.url));
  const log: string[] = [];
  let child = spawnService();

  function spawnService(): ChildProcess {
    const started = spawn(process.execPath, ["server.js"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        DATA_DIR: dataDir,
        PUBLIC_URL: url,
        PARTNER_URL: partner.url,
        PARTNER_TOKEN: "acme-test-token",
        WEBHOOK_SECRET: SECRET,
        OPS_SLACK_URL: inbox.slackUrl,
        PAGERDUTY_URL: inbox.pagerDutyUrl,
        PAGERDUTY_KEY: "0123456789abcdef0123456789abcdef",
        WITHOUT: without,
        VARIANT: variant,
      },
    });
    for (const stream of [started.stdout, started.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => log.push(text));
    return started;
  }

  async function ready(): Promise<void> {
    const answers = () =>
      fetch(`${url}/healthz`).then(
        (response) => response.ok,
        () => false,
      );
    if (!(await until(answers, { withinMs: 8_000 })))
      throw new Error(`${example} did not start: ${log.join("")}`);
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    child.kill(signal);
    await once(child, "exit");
    return child.exitCode;
  }

  await ready();

  return {
    url,
    partner,
    inbox,
    log: () => log.join(""),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    /** Hands a claim in. @returns the service's own id for it */
    async start(claimNumber: string): Promise<string> {
      const response = await post("/claims", { claimNumber, patient: "Ada Nowak", amount: 120 });
      if (response.status !== 202) throw new Error(`not taken: ${response.status}`);
      const { id } = (await response.json()) as { id: string };
      return id;
    },
    async claim(id: string): Promise<Claim> {
      const response = await fetch(`${url}/claims/${id}`);
      return (await response.json()) as Claim;
    },
    /** Waits until a claim has a status. @returns false when it never had it */
    async reaches(id: string, status: string, withinMs = 6_000): Promise<boolean> {
      return until(async () => (await this.claim(id)).status === status, { withinMs });
    },
    get: async (path: string) => (await fetch(url + path)).text(),
    post,
    /** Ends the service as a crash would, and starts it again with the same data. */
    async crash(): Promise<void> {
      await end("SIGKILL");
      child = spawnService();
      await ready();
    },
    stop: () => end("SIGTERM"),
    async [Symbol.asyncDispose]() {
      await end("SIGKILL");
      await partner[Symbol.asyncDispose]();
      await inbox[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
    },
  };

  function post(path: string, body?: unknown): Promise<Response> {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    return fetch(url + path, { method: "POST", headers: { "content-type": "application/json" }, ...json });
  }
}
