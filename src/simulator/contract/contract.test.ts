import { describe, expect, it } from "vitest";
import { contractSchema } from "./contract.ts";
import { CONTRACT_PLACES, isAddressText, stagePlaces } from "./names.ts";

const SMALLEST = {
  name: "Acme",
  submit: { post: "/v1/claims", key: "body.reference" },
  process: { outcomes: { approved: "90%", denied: "10%" } },
};

const stage = (name: string, takes: string) => ({ name, takes });

describe("a contract", () => {
  it("may promise less time than the default of `takes` when its stages take less", () => {
    const process = { ...SMALLEST.process, promises: "200ms" };
    const stages = [stage("received", "50ms"), stage("settled", "50ms..100ms")];
    expect(contractSchema.parse({ ...SMALLEST, process, stages }).stages).toEqual([
      { name: "received", takes: { kind: "fixed", ms: 50 } },
      { name: "settled", takes: { kind: "uniform", minMs: 50, maxMs: 100 } },
    ]);
  });

  it("that is no mapping at all is refused as such", () => {
    for (const value of ["text", null, 7, []]) {
      expect(contractSchema.safeParse(value).error?.issues.map(({ code }) => code)).toEqual(["invalid_type"]);
    }
  });

  it("says little and means the rest", () => {
    expect(contractSchema.parse({ ...SMALLEST, callback: { to: "body.callbackUrl", json: {} } })).toEqual({
      name: "Acme",
      submit: {
        post: "/v1/claims",
        key: "body.reference",
        idempotency: "none",
        reply: { status: 202, json: { id: "{{ submission.id }}", status: "accepted" } },
      },
      process: {
        takes: { kind: "uniform", minMs: 100, maxMs: 400 },
        outcomes: [
          ["approved", 0.9],
          ["denied", 0.1],
        ],
        promises: 2_000,
      },
      callback: {
        to: "body.callbackUrl",
        json: {},
        sign: { scheme: "standard-webhooks" },
        timeout: 5_000,
        retry: [1_000, 5_000, 30_000],
      },
    });
  });

  it.each([
    [{ ...SMALLEST, colour: "red" }, []],
    [{ ...SMALLEST, name: "" }, ["name"]],
    [{ ...SMALLEST, submit: { ...SMALLEST.submit, post: "v1/claims" } }, ["submit", "post"]],
    [{ ...SMALLEST, process: { outcomes: {} } }, ["process", "outcomes"]],
    [{ ...SMALLEST, process: { outcomes: { a: "0%" } } }, ["process", "outcomes"]],
    [{ ...SMALLEST, process: { outcomes: { a: "90%", b: "20%" } } }, ["process", "outcomes"]],
    [{ ...SMALLEST, process: { outcomes: { pending: 1 } } }, ["process", "outcomes"]],
    [{ ...SMALLEST, process: { outcomes: { a: "much" } } }, ["process", "outcomes", "a"]],
    [
      { ...SMALLEST, process: { ...SMALLEST.process, takes: "1s..5s", promises: "2s" } },
      ["process", "promises"],
    ],
    [{ ...SMALLEST, stages: [] }, ["stages"]],
    [{ ...SMALLEST, stages: [{ name: "a b", takes: "1s" }] }, ["stages", 0, "name"]],
    [{ ...SMALLEST, stages: [{ name: "a" }] }, ["stages", 0, "takes"]],
    [{ ...SMALLEST, stages: [stage("a", "1s"), stage("a", "10ms")] }, ["stages", 1, "name"]],
    [{ ...SMALLEST, stages: [stage("a", "1s..2s"), stage("b", "1s")] }, ["process", "promises"]],
    [{ ...SMALLEST, stages: [{ ...stage("a", "1s"), callback: { to: "x" } }] }, ["stages", 0, "callback"]],
    [{ ...SMALLEST, status: { get: "/v1/claims", reply: { json: {} } } }, ["status", "get"]],
    [{ ...SMALLEST, callback: { to: "body.url" } }, ["callback", "json"]],
    [{ ...SMALLEST, auth: { bearer: "two words" } }, ["auth", "bearer"]],
    [{ ...SMALLEST, auth: { basic: { username: "a:b", password: "c" } } }, ["auth", "basic", "username"]],
    [{ ...SMALLEST, auth: { apiKey: { header: "a b", value: "c" } } }, ["auth", "apiKey", "header"]],
    [
      { ...SMALLEST, auth: { oauth2: { clientId: "a", clientSecret: "b", expiresIn: "10ms" } } },
      ["auth", "oauth2", "expiresIn"],
    ],
    [
      { ...SMALLEST, auth: { oauth2: { clientId: "a", clientSecret: "b", tokenPath: "/v1/claims" } } },
      ["auth", "oauth2", "tokenPath"],
    ],
  ])("%# is refused at the right place", (contract, path) => {
    const issues = contractSchema.safeParse(contract).error?.issues ?? [];
    expect(issues.map((issue) => issue.path)).toEqual([path]);
  });
});

it("lists the names for every place that holds expressions", () => {
  expect(CONTRACT_PLACES.map(({ path }) => path.join("."))).toEqual([
    "submit.key",
    "submit.reply",
    "status.reply",
    "callback.to",
    "callback.json",
    "callback.headers",
  ]);
  expect(stagePlaces(2).map(({ path }) => path.join("."))).toEqual([
    "stages.0.callback.json",
    "stages.0.callback.headers",
    "stages.1.callback.json",
    "stages.1.callback.headers",
  ]);
  expect(["body.callbackUrl", "http://x/y", "{{ system.url }}/hook"].map(isAddressText)).toEqual([
    false,
    true,
    true,
  ]);
});
