import { describe, expect, it } from "vitest";
import { CONTRACT, startTestPartner, type TestPartner } from "../tests-support/partner.ts";

const OAUTH2 = { ...CONTRACT, auth: { oauth2: { clientId: "shop", clientSecret: "secret" } } };

async function fetchToken(acme: TestPartner): Promise<string> {
  const response = await fetch(acme.partner.credentials.tokenUrl, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: "shop",
      client_secret: "secret",
    }),
  });
  return String(((await response.json()) as Record<string, unknown>).access_token);
}

const submitWith = (acme: TestPartner, token: string, key: string) =>
  acme.submit(key, { headers: { authorization: `Bearer ${token}` } });

describe("credentials.expired", () => {
  it("answers 401 to submissions and status requests, accepts nothing, and is over when healed", async () => {
    await using acme = await startTestPartner();
    const { json } = await acme.submit("A");
    await acme.arm([{ fault: "credentials.expired" }]);
    const reply = await acme.submit("B");
    expect(reply.status).toBe(401);
    expect(reply.headers["content-type"]).toBe("application/problem+json");
    expect(reply.headers["www-authenticate"]).toContain('error="invalid_token"');
    expect((await acme.status(String(json.id))).status).toBe(401);
    expect(acme.partner.ledger.byKey("B")).toEqual([]);
    expect(acme.events("submit.replied").at(-1)).toMatchObject({
      key: "B",
      status: 401,
      effect: "refused",
      faults: [0],
    });
    expect(acme.events("status.replied")).toMatchObject([{ key: "A", status: 401, faults: [0] }]);
    expect(acme.events("fault.fired")).toMatchObject([
      { point: "credentials", key: "B", attempt: 1 },
      { point: "credentials", key: "A", attempt: 2 },
    ]);
    await acme.partner.heal();
    expect((await acme.submit("B")).status).toBe(202);
  });

  it("refuses every token that was handed out before, and none that is fetched anew", async () => {
    await using acme = await startTestPartner(OAUTH2);
    const before = await fetchToken(acme);
    expect((await submitWith(acme, before, "A")).status).toBe(202);
    await acme.arm([{ fault: "credentials.expired" }]);
    const refused = await submitWith(acme, before, "B");
    expect(refused.status).toBe(401);
    expect(refused.headers["www-authenticate"]).toContain("The access token expired");
    const after = await fetchToken(acme);
    expect((await submitWith(acme, after, "B")).status).toBe(202);
    expect((await submitWith(acme, before, "C")).status).toBe(401);
    expect(acme.events("fault.fired").map(({ key }) => key)).toEqual(["B", "C"]);
    // What has expired does not come back, though the fault is over: the next token is to be fetched.
    await acme.partner.heal();
    const late = await submitWith(acme, before, "C");
    expect(late.status).toBe(401);
    expect(acme.events("submit.replied").at(-1)).not.toHaveProperty("faults");
    expect((await submitWith(acme, after, "C")).status).toBe(202);
    await acme.partner.reset();
    expect((await submitWith(acme, before, "D")).status).toBe(202);
  });

  it("lets tokens expire again in each window", async () => {
    await using acme = await startTestPartner(OAUTH2);
    await acme.arm([{ fault: "credentials.expired", during: { every: "600ms", for: "599ms" } }]);
    const token = await fetchToken(acme);
    expect((await submitWith(acme, token, "A")).status).toBe(202);
    const deadline = performance.now() + 10_000;
    let status = 202;
    for (let i = 0; status !== 401 && performance.now() < deadline; i++)
      ({ status } = await submitWith(acme, token, `B${i}`));
    expect(status).toBe(401);
    expect((await submitWith(acme, await fetchToken(acme), "C")).status).toBe(202);
  });

  it("answers wrong credentials as ever, and does not fire for them", async () => {
    await using acme = await startTestPartner();
    await acme.arm([{ fault: "credentials.expired" }]);
    const reply = await submitWith(acme, "wrong", "A");
    expect(reply.json.detail).toBe("The bearer token is not valid.");
    expect(acme.events("fault.fired")).toEqual([]);
  });
});

describe("credentials.revoked", () => {
  it("answers 403 whatever the token, a new one included", async () => {
    await using acme = await startTestPartner(OAUTH2);
    await acme.arm([{ fault: "credentials.revoked" }]);
    const reply = await submitWith(acme, await fetchToken(acme), "A");
    expect(reply.json).toMatchObject({ status: 403, title: "Forbidden" });
    expect(acme.events("submit.replied")).toMatchObject([{ status: 403, effect: "refused", faults: [0] }]);
    await acme.partner.heal();
    expect((await submitWith(acme, await fetchToken(acme), "A")).status).toBe(202);
  });

  it("shuts callers out of a partner that asks for no credentials", async () => {
    const { auth: _auth, ...open } = CONTRACT;
    await using acme = await startTestPartner(open);
    await acme.arm([{ fault: "credentials.revoked" }]);
    expect((await acme.submit("A")).json).toMatchObject({
      status: 403,
      detail: "The access has been revoked.",
    });
  });
});
