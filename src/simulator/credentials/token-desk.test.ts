import { describe, expect, it } from "vitest";
import { until } from "../../lib/wait.ts";
import { CONTRACT, startTestPartner, type TestPartner } from "../tests-support/partner.ts";

const CLIENT = { clientId: "shop", clientSecret: "s3cr:t & more" };
const OAUTH2 = {
  ...CONTRACT,
  auth: { oauth2: { tokenPath: "/oauth/token", ...CLIENT, expiresIn: "10m" } },
};
const GOOD = { grant_type: "client_credentials", client_id: "shop", client_secret: "s3cr:t & more" };
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
});

async function ask(acme: TestPartner, form: Record<string, string> | string, headers = {}) {
  const response = await fetch(acme.partner.credentials.tokenUrl, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: typeof form === "string" ? form : new URLSearchParams(form).toString(),
  });
  const json = (await response.json()) as Record<string, string>;
  return { status: response.status, headers: response.headers, json };
}

const submitWith = (acme: TestPartner, token: string, key = "A") =>
  acme.submit(key, { headers: { authorization: `Bearer ${token}` } });

describe("a token", () => {
  it.each([
    ["in the body", GOOD, {}],
    [
      "in a header, encoded as the RFC says",
      { grant_type: "client_credentials" },
      basic("shop", "s3cr%3At+%26+more"),
    ],
    [
      "in a header, bare as many clients send it",
      { grant_type: "client_credentials", client_id: "shop" },
      basic("shop", "s3cr:t & more"),
    ],
    ["with parameters that mean nothing here", { ...GOOD, scope: "claims", audience: "" }, {}],
  ])("is given to a client that proves itself %s, and opens the door", async (_, form, headers) => {
    await using acme = await startTestPartner(OAUTH2);
    const { status, json, headers: met } = await ask(acme, form, headers);
    expect(status).toBe(200);
    expect(json).toEqual({
      access_token: expect.stringMatching(/^nfat_/),
      token_type: "Bearer",
      expires_in: 600,
    });
    expect(met.get("cache-control")).toBe("no-store");
    expect(met.get("content-type")).toBe("application/json");
    expect((await submitWith(acme, json.access_token ?? "")).status).toBe(202);
    expect(acme.events("token.issued")).toMatchObject([{ request: "t1", expiresInMs: 600_000 }]);
    expect(JSON.stringify(acme.history.events)).not.toContain(json.access_token);
  });

  it("is another one each time, and all of them are good until they expire", async () => {
    await using acme = await startTestPartner(OAUTH2);
    const tokens = [(await ask(acme, GOOD)).json.access_token, (await ask(acme, GOOD)).json.access_token];
    expect(new Set(tokens).size).toBe(2);
    for (const [i, token] of tokens.entries())
      expect((await submitWith(acme, token ?? "", `K${i}`)).status).toBe(202);
  });

  it("expires by the run's clock, and is then refused with the error that asks for a new one", async () => {
    const quick = { ...OAUTH2, auth: { oauth2: { ...OAUTH2.auth.oauth2, expiresIn: "1s" } } };
    await using acme = await startTestPartner(quick);
    const { json } = await ask(acme, GOOD);
    const token = json.access_token ?? "";
    expect(json.expires_in).toBe(1);
    expect((await submitWith(acme, token)).status).toBe(202);
    let last = await submitWith(acme, token);
    const expired = async () => {
      last = await submitWith(acme, token);
      return last.status === 401;
    };
    const deadline = performance.now() + 10_000;
    while (!(await expired()) && performance.now() < deadline)
      await until(() => false, { withinMs: 50, everyMs: 50 });
    expect(last.json).toMatchObject({ status: 401, detail: "The bearer token has expired." });
    expect(last.headers["www-authenticate"]).toBe(
      'Bearer realm="Acme", error="invalid_token", error_description="The access token expired"',
    );
    expect((await submitWith(acme, (await ask(acme, GOOD)).json.access_token ?? "")).status).toBe(202);
  });

  it("of one partner is good with the next one of the same contract: a system may outlive it", async () => {
    await using before = await startTestPartner(OAUTH2, { seed: "one" });
    await using after = await startTestPartner(OAUTH2, { seed: "two" });
    const { json } = await ask(before, GOOD);
    expect((await submitWith(after, json.access_token ?? "")).status).toBe(202);
  });

  it("is worth nothing when anything about it was changed", async () => {
    await using acme = await startTestPartner(OAUTH2);
    const { json } = await ask(acme, GOOD);
    const token = json.access_token ?? "";
    const forged = token.replace(/^nfat_(.)/, (_, first: string) => `nfat_${first === "z" ? "y" : "z"}`);
    for (const wrong of [forged, `${token}x`, token.slice(0, -1), "nfat_", "", GOOD.client_secret]) {
      const { status, headers } = await submitWith(acme, wrong);
      expect([wrong, status, headers["www-authenticate"]]).toEqual([
        wrong,
        401,
        'Bearer realm="Acme", error="invalid_token"',
      ]);
    }
  });
});

describe("a token is refused", () => {
  it.each([
    ["a wrong secret", { ...GOOD, client_secret: "guess" }, {}, 401, "invalid_client"],
    ["an unknown client", { ...GOOD, client_id: "other" }, {}, 401, "invalid_client"],
    ["no client at all", { grant_type: "client_credentials" }, {}, 401, "invalid_client"],
    [
      "a wrong secret in the header",
      { grant_type: "client_credentials" },
      basic("shop", "guess"),
      401,
      "invalid_client",
    ],
    [
      "another kind of header",
      { grant_type: "client_credentials" },
      { authorization: "Bearer x" },
      401,
      "invalid_client",
    ],
    ["two proofs at once", GOOD, basic("shop", CLIENT.clientSecret), 400, "invalid_request"],
    [
      "no grant type",
      { client_id: "shop", client_secret: CLIENT.clientSecret, grant_type: "" },
      {},
      400,
      "invalid_request",
    ],
    ["another grant type", { ...GOOD, grant_type: "password" }, {}, 400, "unsupported_grant_type"],
    [
      "a parameter that stands there twice",
      "grant_type=client_credentials&grant_type=x",
      {},
      400,
      "invalid_request",
    ],
    [
      "JSON instead of a form",
      JSON.stringify(GOOD),
      { "content-type": "application/json" },
      400,
      "invalid_request",
    ],
  ])("for %s", async (_, form, headers, status, error) => {
    await using acme = await startTestPartner(OAUTH2);
    const met = await ask(acme, form, headers);
    expect(met).toMatchObject({ status, json: { error, error_description: expect.any(String) } });
    expect(met.headers.get("www-authenticate")).toBe(status === 401 ? 'Basic realm="Acme"' : null);
    expect(acme.events("token.refused")).toMatchObject([{ status, error }]);
  });

  it("by GET, and where the contract hands out none", async () => {
    await using acme = await startTestPartner(OAUTH2);
    const got = await fetch(acme.partner.credentials.tokenUrl);
    expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
    await using other = await startTestPartner();
    expect(other.partner.credentials.tokenUrl).toBe("");
    expect((await fetch(`${other.partner.url}/oauth/token`, { method: "POST" })).status).toBe(404);
  });
});
