// Contracts from OpenAPI documents of three different makes: imported, started, and spoken to as the documents say.
import { join } from "node:path";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { createHistoryLog } from "../src/history/history.ts";
import { createClock } from "../src/lib/clock.ts";
import { formatProblem } from "../src/lib/problem.ts";
import { until } from "../src/lib/wait.ts";
import { readDocument } from "../src/scenarios/openapi/document.ts";
import { importContract } from "../src/scenarios/openapi/import.ts";
import type { Json } from "../src/scenarios/openapi/json.ts";
import { replyOf } from "../src/scenarios/openapi/message.ts";
import { chooseStatus, chooseSubmit } from "../src/scenarios/openapi/operations.ts";
import { replaceAt } from "../src/scenarios/openapi/tree.ts";
import { startSink } from "../src/simulator/callbacks/tests-support/sink.ts";
import { type Contract, contractSchema } from "../src/simulator/contract/contract.ts";
import { startPartner } from "../src/simulator/partner.ts";
import { projectRoot } from "./support/cli.ts";

const file = (name: string) => join(projectRoot, "tests/openapi", name);

function mistakeIn(schema: unknown, value: unknown): string | undefined {
  const is2020 = JSON.stringify(schema).includes("2020-12");
  const ajv = is2020 ? new Ajv2020({ strict: false }) : new Ajv({ strict: false });
  addFormats.default(ajv);
  return ajv.validate(schema as object, value) ? undefined : ajv.errorsText();
}

async function imported(name: string) {
  const document = await readDocument(file(name));
  if (!document.ok) throw new Error(document.problems.map(formatProblem).join("\n"));
  const result = await importContract(document.value, {});
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join("\n"));
  return { document: document.value, ...result.value };
}

async function credentialsFor(contract: Contract, url: string): Promise<Record<string, string>> {
  const { auth } = contract;
  if (auth === undefined) return {};
  if ("apiKey" in auth) return { [auth.apiKey.header]: auth.apiKey.value };
  if ("bearer" in auth) return { authorization: `Bearer ${auth.bearer}` };
  if ("basic" in auth) {
    return {
      authorization: `Basic ${Buffer.from(`${auth.basic.username}:${auth.basic.password}`).toString("base64")}`,
    };
  }
  const { tokenPath, clientId, clientSecret } = auth.oauth2;
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
  });
  const granted = await fetch(url + tokenPath, { method: "POST", body });
  return { authorization: `Bearer ${((await granted.json()) as { access_token: string }).access_token}` };
}

describe.each([
  ["payments.yaml", "/v2/payments", ["captured", "declined", "expired"]],
  ["claims/openapi.yaml", "/api/claims", ["approved", "partially_approved", "denied"]],
  ["background-checks.yaml", "/v3/orders", ["clear", "consider", "suspended"]],
])("the partner of %s", (name, path, outcomes) => {
  it("takes a submission, tells its status and reports its result as the document says", async () => {
    const { document, contract: raw, sample } = await imported(name);
    const contract = contractSchema.parse({
      ...raw,
      process: { takes: "20ms", outcomes: { [outcomes.at(-1) ?? ""]: 1 } },
    });
    const { submit, status, callback } = contract;
    expect(submit.post).toBe(path);
    expect(Object.keys((raw.process as Json).outcomes as Json)).toEqual(outcomes);
    if (!status || !callback) throw new Error("the document has a status route and a callback");
    const chosen = chooseSubmit(document, undefined);
    if (!chosen.ok) throw new Error("one submission");
    const asked = chooseStatus(document, chosen.operation, undefined);
    if (!asked?.ok) throw new Error("one status route");

    await using sink = await startSink();
    const clock = createClock();
    const names = () => ({ system: { url: new URL(sink.url).origin } });
    await using partner = await startPartner({
      contract,
      clock,
      history: createHistoryLog({ clock }),
      seed: "1",
      names,
    });
    const headers = {
      ...(await credentialsFor(contract, partner.url)),
      "content-type": "application/json",
      "idempotency-key": "k1",
    };
    const body =
      sample.callback?.kind === "body" ? replaceAt(sample.body, sample.callback.path, sink.url) : sample.body;
    const refused = await fetch(partner.url + path, { method: "POST", headers, body: "{}" });
    expect(refused.status).toBe(422);
    const reply = await fetch(partner.url + path, { method: "POST", headers, body: JSON.stringify(body) });
    expect(reply.status).toBe(replyOf(document, chosen.operation)?.status);
    expect(mistakeIn(replyOf(document, chosen.operation)?.schema, await reply.json())).toBeUndefined();

    const [submission] = [...partner.ledger.all()];
    const statusUrl = `${partner.url}${status.get.replace(":id", submission?.id ?? "")}`;
    const first = await fetch(statusUrl, { headers });
    expect(first.status).toBe(200);
    expect(mistakeIn(replyOf(document, asked.operation)?.schema, await first.json())).toBeUndefined();
    expect(await until(() => sink.received.length > 0, { withinMs: 10_000 })).toBe(true);
    const [result] = sink.received;
    const payload: unknown = JSON.parse(result?.body.toString() ?? "");
    expect(mistakeIn(callback.schema, payload)).toBeUndefined();
    expect(JSON.stringify(payload)).toContain(`"${outcomes.at(-1)}"`);
    const last = await fetch(statusUrl, { headers });
    expect(mistakeIn(replyOf(document, asked.operation)?.schema, await last.json())).toBeUndefined();
  });

  it("says what it had to assume", async () => {
    const { assumptions } = await imported(name);
    expect(assumptions.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["submit.key", "process.outcomes", "process.takes", "process.promises", "auth"]),
    );
  });
});
