// The package as a library, as a user's own tests use it.
import { expect, it } from "vitest";
import { PartnerClient, startPartner, UserError } from "./index.ts";

const CONTRACT = {
  name: "Paywell",
  auth: { bearer: "paywell-test-token" },
  submit: { post: "/payments", key: "body.reference" },
  process: { takes: "20ms..40ms", outcomes: { paid: "100%" }, promises: "1s" },
  status: { get: "/payments/:id", reply: { json: { state: "{{ submission.state }}" } } },
};

function pay(partner: { url: string; token: string }, reference: string): Promise<Response> {
  return fetch(`${partner.url}/payments`, {
    method: "POST",
    headers: { authorization: `Bearer ${partner.token}`, "content-type": "application/json" },
    body: JSON.stringify({ reference }),
  });
}

it("starts a partner in process, lets it misbehave, and looks into it", async () => {
  await using partner = await startPartner(CONTRACT);
  await partner.faults.add({ fault: "submit.unavailable", attempts: 1 });
  expect((await pay(partner, "P-1")).status).toBe(503);
  expect((await pay(partner, "P-1")).status).toBe(202);
  await partner.waitFor({ kind: "submission.processed", key: "P-1" });
  expect(await partner.submissions({ key: "P-1" })).toMatchObject([{ state: "settled", outcome: "paid" }]);
  expect(partner.control).toBeUndefined();
});

it("takes the path of a contract as well", async () => {
  await using partner = await startPartner("examples/acme-clearinghouse/partner.yaml");
  expect((await partner.about()).name).toBe("Acme Clearinghouse");
  expect(partner.secret).toMatch(/^whsec_/);
  expect(partner.nextSecret).toMatch(/^whsec_/);
  expect(partner.nextSecret).not.toBe(partner.secret);
  expect(partner.credentials).toMatchObject({ token: partner.token, tokenUrl: "" });
});

it("opens the control API when it is asked to, for a client elsewhere", async () => {
  await using partner = await startPartner(CONTRACT, { control: { token: "a-token-1234" } });
  const client = new PartnerClient(partner.control?.url ?? "", { token: "a-token-1234" });
  await pay(partner, "P-1");
  await client.waitFor({ kind: "submission.processed", key: "P-1" });
  expect(await client.submissions()).toEqual(await partner.submissions());
});

it("leaves nothing open when the control API cannot listen", async () => {
  await using taken = await startPartner(CONTRACT);
  const error = await startPartner(CONTRACT, { control: { port: taken.port } }).catch((cause) => cause);
  expect(error).toBeInstanceOf(UserError);
  expect(error.message).toMatch(/control API cannot listen on .*EADDRINUSE/);
});

it("names every mistake in a contract", async () => {
  const broken = {
    ...CONTRACT,
    proces: CONTRACT.process,
    submit: { post: "/payments", key: "body.reference", reply: { json: { id: "{{ submision.id }}" } } },
  };
  const error: unknown = await startPartner(broken).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(UserError);
  const lines = (error as UserError).message.split("\n");
  expect(lines).toContainEqual(expect.stringMatching(/^contract {2}proces: unknown key/));
  expect(lines).toContainEqual(expect.stringMatching(/^contract {2}submit\.reply\.json\.id: .*submision/));
});

it("finds a port for 0, and names what is wrong with an address", async () => {
  await using partner = await startPartner(CONTRACT, { port: 0 });
  expect(partner.port).toBeGreaterThan(0);
  expect((await pay(partner, "P-1")).status).toBe(202);
  const errors = await Promise.all(
    [{ host: "999.1.1.1" }, { port: 99_999 }].map((options) =>
      startPartner(CONTRACT, options).catch((cause) => cause),
    ),
  );
  for (const error of errors) expect(error).toBeInstanceOf(UserError);
  expect(errors.map(({ message }) => message)).toEqual([
    expect.stringContaining("cannot listen on host 999.1.1.1"),
    expect.stringContaining("cannot listen on port 99999"),
  ]);
});
