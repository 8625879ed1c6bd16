import { verify as verifyGithub } from "@octokit/webhooks-methods";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import { expect, it } from "vitest";
import { generateSecret, wrongSecret } from "./secret.ts";
import { SIGNING_SCHEMES, type SigningScheme, sign } from "./sign.ts";
import { signatureHeaders } from "./signature.ts";

const text = '{"type":"order.paid","data":{"id":"ord_1"}}';
const body = Buffer.from(text);
const fixed = { id: "msg_demo1", timestampSeconds: 1_700_000_000, body };
const nowSeconds = () => Math.floor(Date.now() / 1_000);

it("signs the published vectors of every scheme", () => {
  const standard = sign({
    ...fixed,
    scheme: "standard-webhooks",
    secret: "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
  });
  expect(standard).toEqual({
    "webhook-id": "msg_demo1",
    "webhook-timestamp": "1700000000",
    "webhook-signature": "v1,8siDhZzGgZFS605qFGXtXRkM1/huiEdCjKM/m4cN7Qk=",
  });
  // The example of GitHub's own documentation.
  const github = sign({
    ...fixed,
    scheme: "github",
    secret: "It's a Secret to Everybody",
    body: Buffer.from("Hello, World!"),
  });
  expect(github["x-hub-signature-256"]).toBe(
    "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
  );
  expect(sign({ ...fixed, scheme: "stripe", secret: "whsec_test_123" })).toEqual({
    "stripe-signature": "t=1700000000,v1=59919bb147ec0583cf65f60a056e7e8883bcdfa3c6861728c2a7b026124964ca",
  });
  expect(sign({ ...fixed, scheme: "none", secret: "" })).toEqual({});
});

/** Whether the independent library of the scheme accepts the headers. */
async function isAccepted(
  scheme: SigningScheme,
  headers: Record<string, string>,
  secret: string,
  bytes: Buffer,
) {
  try {
    switch (scheme) {
      case "standard-webhooks":
        new Webhook(secret).verify(bytes, headers);
        return true;
      case "github":
        return await verifyGithub(secret, bytes.toString(), headers["x-hub-signature-256"] ?? "");
      case "stripe":
        new Stripe("sk_test").webhooks.constructEvent(bytes, headers["stripe-signature"] ?? "", secret);
        return true;
      case "none":
        return true;
    }
  } catch {
    return false;
  }
}

const signing = SIGNING_SCHEMES.filter((scheme) => scheme !== "none");

it.each(signing)(
  "%s: receivers with an independent library accept what is signed well, whatever the body",
  async (scheme) => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.string({ minLength: 1 }), async (json, part) => {
        const bytes = Buffer.from(JSON.stringify({ json }));
        const secret = generateSecret(scheme, part);
        const options = { scheme, secret, id: "msg_1", timestampSeconds: nowSeconds(), body: bytes };
        expect(await isAccepted(scheme, signatureHeaders("valid", options), secret, bytes)).toBe(true);
      }),
      { numRuns: 50 },
    );
  },
);

it.each(signing)("%s: the same receivers refuse forged and unsigned deliveries", async (scheme) => {
  const secret = generateSecret(scheme, "a");
  const options = { scheme, secret, id: "msg_1", timestampSeconds: nowSeconds(), body };
  const forged = signatureHeaders("forged", options);
  expect(await isAccepted(scheme, forged, secret, body)).toBe(false);
  // The forger's secret is a well-formed one, so nothing but the key tells them apart.
  expect(await isAccepted(scheme, forged, wrongSecret(scheme, secret), body)).toBe(true);
  expect(Object.keys(forged)).toEqual(Object.keys(signatureHeaders("valid", options)));
  const missing = signatureHeaders("missing", options);
  expect(await isAccepted(scheme, missing, secret, body)).toBe(false);
  expect(Object.keys(missing).some((name) => name.includes("signature"))).toBe(false);
});

it.each(["standard-webhooks", "stripe"] as const)(
  "%s: a stale delivery is refused for its age alone",
  async (scheme) => {
    const secret = generateSecret(scheme, "a");
    const options = { scheme, secret, id: "msg_1", timestampSeconds: nowSeconds(), body };
    expect(await isAccepted(scheme, signatureHeaders("stale", options), secret, body)).toBe(false);
    // Stamped ten minutes ahead and made stale, it is fresh again: the signature itself was right.
    const ahead = { ...options, timestampSeconds: options.timestampSeconds + 600 };
    expect(await isAccepted(scheme, signatureHeaders("stale", ahead), secret, body)).toBe(true);
  },
);

it("derives one secret from the same parts and others from other parts", () => {
  for (const scheme of signing) {
    expect(generateSecret(scheme, "a", "b")).toBe(generateSecret(scheme, "a", "b"));
    expect(generateSecret(scheme, "a", "b")).not.toBe(generateSecret(scheme, "ab"));
    expect(wrongSecret(scheme, generateSecret(scheme, "a"))).not.toBe(generateSecret(scheme, "a"));
  }
});
