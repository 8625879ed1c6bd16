// neverfails serve: the partner alone, as the README shows it.
import { afterEach, expect, it } from "vitest";
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
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(served.stdout())?.[0];
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

it("ends on Ctrl-C with 130", async () => {
  const { running } = await serve();
  running.child.kill("SIGINT");
  expect((await running.done).code).toBe(130);
});
