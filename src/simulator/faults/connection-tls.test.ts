// connection.tls and a partner over https, met by clients that look at the certificate and by one that does not.
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import { Agent, request } from "undici";
import { describe, expect, it } from "vitest";
import { until } from "../../lib/wait.ts";
import { bareClient, bareTlsClient, submission } from "../tests-support/bare-client.ts";
import { CONTRACT, errorCodeOf, startTestPartner, type TestPartner } from "../tests-support/partner.ts";

const overTls = () => startTestPartner({ ...CONTRACT, tls: true });

async function connected(acme: TestPartner): Promise<ReturnType<typeof bareTlsClient>> {
  const seen = bareTlsClient(acme.partner.port, { rejectUnauthorized: false });
  expect(await until(() => certificateOf(seen).valid_to !== undefined, { withinMs: 5_000 })).toBe(true);
  return seen;
}

const certificateOf = ({ socket }: { socket: unknown }): DetailedPeerCertificate =>
  (socket as TLSSocket).getPeerCertificate(true);

describe("a partner over https", () => {
  it("is trusted by who trusts its authority, for localhost and for the address", async () => {
    await using acme = await overTls();
    const { url, port, ca } = acme.partner;
    expect(url).toBe(`https://127.0.0.1:${port}`);
    expect(ca).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect((await acme.submit("A")).status).toBe(202);
    const byName = new Agent({ connect: { ca: ca ?? "" } });
    const reply = await request(`https://localhost:${port}/`, { dispatcher: byName });
    expect(reply.statusCode).toBe(404);
    await reply.body.dump();
    await byName.close();
  });

  it("is trusted by nobody else, and says nothing over plain http", async () => {
    await using acme = await overTls();
    expect(await errorCodeOf(request(acme.partner.url))).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED/);
    const plain = bareClient(acme.partner.port);
    plain.socket.write(submission("A"));
    expect(await until(() => plain.closed, { withinMs: 5_000 })).toBe(true);
    expect(plain.text).not.toContain("HTTP/1.1 202");
    expect(acme.partner.ledger.size).toBe(0);
    expect(acme.events("connection.abandoned")).toEqual([]);
  });

  it.each([
    [{ fault: "connection.reset" }, "ECONNRESET"],
    [{ fault: "connection.reset", when: "accept" }, /ECONNRESET|UND_ERR_SOCKET|EPIPE/],
    [{ fault: "submit.lost-reply" }, "ECONNRESET"],
    [{ fault: "connection.refused" }, "ECONNREFUSED"],
  ])("meets %j as it does over plain http", async (fault, code) => {
    await using acme = await overTls();
    await acme.arm([fault]);
    expect(await errorCodeOf(acme.submit("A"))).toMatch(code);
    await acme.partner.heal();
    expect((await acme.submit("A")).status).toBe(202);
  });
});

describe("connection.tls", () => {
  it.each([
    ["expired", "CERT_HAS_EXPIRED"],
    ["untrusted", /UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT/],
    ["wrong-host", "ERR_TLS_CERT_ALTNAME_INVALID"],
  ])("%s: a client that looks turns away, until heal brings the good one back", async (problem, code) => {
    await using acme = await startTestPartner(undefined, { tls: true });
    expect((await acme.submit("A")).status).toBe(202);
    const plan = await acme.arm([{ fault: "connection.tls", problem }]);
    plan.startedWhileRefused("B");
    expect(await errorCodeOf(acme.submit("B"))).toMatch(code);
    // Not even with the ticket of an earlier session.
    expect(await errorCodeOf(acme.submit("B"))).toMatch(code);
    expect(acme.events("submit.received").map(({ key }) => key)).toEqual(["A"]);
    expect(acme.events("fault.fired")).toMatchObject([{ key: "B", point: "connection" }]);
    expect(await acme.event("connection.abandoned", 2)).toMatchObject({ badCertificate: problem });
    await acme.partner.heal();
    expect((await acme.submit("B")).status).toBe(202);
    expect(acme.events("submit.received").map(({ badCertificate }) => badCertificate)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("shows another certificate on the socket, and cuts what is open when its window begins and ends", async () => {
    await using acme = await overTls();
    const before = await connected(acme);
    const { valid_to: validTo, serialNumber } = certificateOf(before);
    expect(Date.parse(validTo)).toBeGreaterThan(Date.now());
    await acme.arm([{ fault: "connection.tls", problem: "expired", during: "0s..900ms" }]);
    expect(await until(() => before.closed, { withinMs: 5_000 })).toBe(true);
    const during = await connected(acme);
    expect(Date.parse(certificateOf(during).valid_to)).toBeLessThan(Date.now());
    expect(await until(() => during.closed, { withinMs: 5_000 })).toBe(true);
    const after = await connected(acme);
    expect(certificateOf(after).serialNumber).toBe(serialNumber);
    after.socket.destroy();
  });

  it("records what comes over a connection that should never have been used", async () => {
    await using acme = await overTls();
    const { json } = await acme.submit("A");
    await acme.arm([{ fault: "connection.tls", problem: "wrong-host" }]);
    const blind = new Agent({ connect: { rejectUnauthorized: false } });
    const init = { dispatcher: blind, headers: { authorization: "Bearer acme-test-token" } };
    const asked = await request(`${acme.partner.url}/v1/claims/${String(json.id)}`, init);
    await asked.body.dump();
    const sent = await request(`${acme.partner.url}/v1/claims`, {
      ...init,
      method: "POST",
      headers: { ...init.headers, "content-type": "application/json", "idempotency-key": "b" },
      body: JSON.stringify({ reference: "B" }),
    });
    expect(sent.statusCode).toBe(202);
    await sent.body.dump();
    expect(acme.events("status.asked")).toMatchObject([{ key: "A", badCertificate: "wrong-host" }]);
    expect(acme.events("submit.received")[1]).toMatchObject({ key: "B", badCertificate: "wrong-host" });
    await blind.destroy();
    await acme.partner.heal();
    expect(acme.events("connection.abandoned")).toEqual([]);
  });

  it("never fires at a partner over plain http, who has no certificate to show", async () => {
    await using acme = await startTestPartner();
    const plan = await acme.arm([{ fault: "connection.tls" }]);
    plan.startedWhileRefused("A");
    expect((await acme.submit("A")).status).toBe(202);
    expect(acme.events("fault.fired")).toEqual([]);
  });
});
