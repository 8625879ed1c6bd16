import { expect, it } from "vitest";
import { CONTRACT, startTestPartner, type TestPartner, TOKEN } from "../tests-support/partner.ts";

const BASIC = { ...CONTRACT, auth: { basic: { username: "shop", password: "pa:ss wörd" } } };
const API_KEY = { ...CONTRACT, auth: { apiKey: { header: "X-Api-Key", value: "key-1" } } };
const encode = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

/** Without the bearer token that the test client sends otherwise. */
const submitWith = (acme: TestPartner, headers: Record<string, string>) =>
  acme.submit("A", { headers: { authorization: "", ...headers } });

it.each([
  [BASIC, { authorization: encode("shop:pa:ss wörd") }],
  [BASIC, { authorization: encode("shop:pa:ss wörd").replace("Basic", "bAsIc ") }],
  [API_KEY, { "x-api-key": "key-1" }],
])("%# lets the right credentials in", async (contract, headers) => {
  await using acme = await startTestPartner(contract);
  expect((await submitWith(acme, headers)).status).toBe(202);
});

it.each([
  [202, `Bearer ${TOKEN}`],
  [202, `bEARER   ${TOKEN}  `],
  [401, `Bearer${TOKEN}`],
  [401, `Bearer ${TOKEN} more`],
  [401, `Bearer ${TOKEN}x`],
  [401, `Bearer ${TOKEN.slice(0, -1)}`],
  [401, "Bearer "],
  [401, `Bearer \u00a0${TOKEN}`],
  [401, `Basic ${TOKEN}`],
])("answers %d to %j", async (status, authorization) => {
  await using acme = await startTestPartner();
  expect((await submitWith(acme, { authorization })).status).toBe(status);
});

it.each([
  ["a user name and its password", BASIC, {}, 'Basic realm="Acme", charset="UTF-8"'],
  [
    "user name or password",
    BASIC,
    { authorization: encode("shop:pa") },
    'Basic realm="Acme", charset="UTF-8"',
  ],
  [
    "user name or password",
    BASIC,
    { authorization: encode("other:pa:ss wörd") },
    'Basic realm="Acme", charset="UTF-8"',
  ],
  ["user name or password", BASIC, { authorization: encode("shop") }, 'Basic realm="Acme", charset="UTF-8"'],
  ["user name or password", BASIC, { authorization: "Basic !!" }, 'Basic realm="Acme", charset="UTF-8"'],
  ["a key in the header X-Api-Key", API_KEY, {}, 'ApiKey realm="Acme"'],
  ["key in the header X-Api-Key", API_KEY, { "x-api-key": "key-2" }, 'ApiKey realm="Acme"'],
])("answers 401 and says that it is about the %s", async (noun, contract, headers, challenge) => {
  await using acme = await startTestPartner(contract);
  const response = await fetch(`${acme.partner.url}/v1/claims`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": "k", ...headers },
    body: '{"reference":"A"}',
  });
  expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, challenge]);
  expect(await response.json()).toMatchObject({ status: 401, detail: expect.stringContaining(noun) });
  expect(acme.events("submit.replied")).toMatchObject([{ status: 401, effect: "refused" }]);
  expect(acme.partner.ledger.size).toBe(0);
});

it("tells expressions its credentials, and empty texts where they do not apply", async () => {
  const none = { token: "", username: "", password: "", clientId: "", clientSecret: "", tokenUrl: "" };
  await using basic = await startTestPartner(BASIC);
  expect(basic.partner.credentials).toEqual({ ...none, username: "shop", password: "pa:ss wörd" });
  await using key = await startTestPartner(API_KEY);
  expect(key.partner.credentials).toEqual({ ...none, token: "key-1" });
  await using oauth2 = await startTestPartner({
    ...CONTRACT,
    auth: { oauth2: { tokenPath: "/t", clientId: "c", clientSecret: "d" } },
  });
  const { url, credentials } = oauth2.partner;
  expect(credentials).toEqual({ ...none, clientId: "c", clientSecret: "d", tokenUrl: `${url}/t` });
});

it("knows every text that must be hidden, in the form in which it travels too", async () => {
  await using basic = await startTestPartner(BASIC);
  expect(basic.partner.secrets).toEqual(
    expect.arrayContaining(["pa:ss wörd", Buffer.from("shop:pa:ss wörd").toString("base64")]),
  );
  expect(basic.partner.secrets).not.toContain("shop");
});
