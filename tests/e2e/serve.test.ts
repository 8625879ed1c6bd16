// neverfails serve: the partner alone, as the README shows it.
import { existsSync, readFileSync } from "node:fs";
import { Agent, request } from "undici";
import { afterEach, expect, it } from "vitest";
import { PartnerClient } from "../../src/index.ts";
import { until } from "../../src/lib/wait.ts";
import { type RunningCli, startCli } from "../support/cli.ts";

let running: RunningCli | undefined;
afterEach(async () => {
  running?.child.kill("SIGTERM");
  await running?.done;
});

async function serve(...args: string[]): Promise<{ url: string; running: RunningCli }> {
  const served = startCli(["serve", "examples/acme-clearinghouse/partner.yaml", ...args]);
  running = served;
  await until(() => /Ctrl-C/.test(served.stdout()), { withinMs: 20_000 });
  const url = /https?:\/\/127\.0\.0\.1:\d+/.exec(served.stdout())?.[0];
  if (!url) throw new Error(`no address in: ${served.stdout()} ${served.stderr()}`);
  return { url, running: served };
}

const claim = {
  reference: "CLM-1",
  patient: "Ada Lovelace",
  amount: 120,
  callbackUrl: "http://127.0.0.1:9/nobody",
};
const headers = {
  authorization: "Bearer acme-test-token",
  "content-type": "application/json",
  "idempotency-key": "k-1",
};

it("accepts, decides and answers", async () => {
  const { url, running } = await serve();
  const submitted = await fetch(`${url}/v1/claims`, { method: "POST", headers, body: JSON.stringify(claim) });
  expect(submitted.status).toBe(202);
  const { id } = (await submitted.json()) as { id: string };
  const settled = await until(
    async () =>
      ((await (await fetch(`${url}/v1/claims/${id}`, { headers })).json()) as { status: string }).status ===
      "settled",
    { withinMs: 10_000, everyMs: 50 },
  );
  expect(settled).toBe(true);
  expect(running.stdout()).toMatch(/CLM-1/);
});

it("refuses without the token and explains what is wrong with a request", async () => {
  const { url } = await serve();
  const anonymous = await fetch(`${url}/v1/claims`, { method: "POST", body: "{}" });
  expect(anonymous.status).toBe(401);
  const wrong = await fetch(`${url}/v1/claims`, {
    method: "POST",
    headers,
    body: JSON.stringify({ ...claim, amount: "much" }),
  });
  expect(wrong.status).toBe(422);
  expect(wrong.headers.get("content-type")).toMatch(/application\/problem\+json/);
});

it("misbehaves from the start when given a scenario", async () => {
  const { url } = await serve("--scenario", "scenarios/beyond-the-five/refuses-a-good-request.yaml");
  const refused = await fetch(`${url}/v1/claims`, { method: "POST", headers, body: JSON.stringify(claim) });
  expect(refused.status).toBe(422);
  expect(await refused.text()).toMatch(/plan year/);
});

it("is controlled over HTTP: a fault comes and goes, the ledger is shown", async () => {
  const { url, running } = await serve();
  const address = /control {3}(http:\/\/127\.0\.0\.1:\d+)\n/.exec(running.stdout())?.[1];
  const control = new PartnerClient(address ?? "");
  const submit = () => fetch(`${url}/v1/claims`, { method: "POST", headers, body: JSON.stringify(claim) });
  await control.faults.add({ fault: "submit.unavailable" });
  expect((await submit()).status).toBe(503);
  await control.faults.heal();
  expect((await submit()).status).toBe(202);
  await control.waitFor({ kind: "submission.processed", key: "CLM-1" });
  expect(await control.submissions()).toMatchObject([{ key: "CLM-1", state: "settled" }]);
});

it("beyond loopback its control API wants the token that it prints", async () => {
  const { running } = await serve("--host", "0.0.0.0");
  const [, address = "", token = ""] =
    /control {3}(http:\S+) {3}\(Authorization: Bearer (\S+)\)/.exec(running.stdout()) ?? [];
  expect((await fetch(`${address}/faults`)).status).toBe(401);
  expect(await new PartnerClient(address, { token }).faults.list()).toEqual([]);
});

it("speaks https where a scenario needs it, and says which authority to trust while it runs", async () => {
  const { url, running } = await serve("--scenario", "scenarios/unavailable/bad-certificate.yaml");
  expect(url).toMatch(/^https:/);
  const file = /trust +the authority in (\S+)/.exec(running.stdout())?.[1] ?? "";
  const dispatcher = new Agent({ connect: { ca: readFileSync(file, "utf8") } });
  const submit = async () => {
    const init = { dispatcher, method: "POST", headers, body: JSON.stringify(claim) } as const;
    const reply = await request(`${url}/v1/claims`, init);
    await reply.body.dump();
    return reply.statusCode;
  };
  // The certificate has expired for the first two seconds.
  const isTaken = () =>
    submit().then(
      (status) => status === 202,
      () => false,
    );
  expect(await until(isTaken, { withinMs: 20_000, everyMs: 100 })).toBe(true);
  await dispatcher.destroy();
  running.child.kill("SIGINT");
  await running.done;
  expect(existsSync(file)).toBe(false);
});

it("ends on Ctrl-C with 130", async () => {
  const { running } = await serve();
  running.child.kill("SIGINT");
  expect((await running.done).code).toBe(130);
});
