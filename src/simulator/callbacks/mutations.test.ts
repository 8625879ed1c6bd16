import { createHmac } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { payloadMalformed } from "../faults/payload-malformed.ts";
import { MUTATION_NAMES, type MutationName } from "../payload/catalogue.ts";
import { startReporting, submissionTo } from "./tests-support/reporting.ts";
import { type Received, startSink } from "./tests-support/sink.ts";

/** Reported besides, where a mutation needs it. */
const MET_BY: Partial<Record<MutationName, object>> = {
  "unit-changed": { amount: 120.5 },
  "hostile-text": { note: "thank you" },
  "number-as-text": { attempt: "{{ delivery.attempt }}" },
  "precision-lost": { attempt: "{{ delivery.attempt }}" },
  negative: { attempt: "{{ delivery.attempt }}" },
};
const PROMISED = {
  id: "{{ delivery.id }}",
  reference: "{{ submission.key }}",
  outcome: "{{ submission.outcome }}",
  settledAt: "{{ delivery.at }}",
  kind: "result",
};

/** What stands on the wire, for every mutation. */
const LOOKS: Record<MutationName, (text: string, met: Received) => void> = {
  empty: (text) => expect(text).toBe(""),
  truncated: (text) => expect(text).toMatch(/"outcome":"appr?o?$/),
  "invalid-json": (text) => expect(text).toMatch(/",\}$/),
  html: (text, { headers }) => expect([text, headers["content-type"]].join()).toMatch(/<html>.*text\/html/s),
  xml: (text) => expect(text).toContain("<outcome>approved</outcome>"),
  "wrong-content-type": (_, { headers }) => expect(headers["content-type"]).toMatch(/^text\/plain/),
  "byte-order-mark": (_, { body }) => expect([...body.subarray(0, 4)]).toEqual([0xef, 0xbb, 0xbf, 0x7b]),
  "wrong-charset": (_, { body }) => expect([...body.subarray(0, 4)]).toEqual([0x7b, 0, 0x22, 0]),
  "undeclared-gzip": (_, { body, headers }) => {
    expect(headers).not.toHaveProperty("content-encoding");
    expect(JSON.parse(gunzipSync(body).toString())).toMatchObject({ outcome: "approved" });
  },
  "duplicate-keys": (text) => expect(text).toContain('"outcome":"approved","outcome":"denied"'),
  huge: (_, { body, headers }) => {
    expect(body.length).toBeGreaterThan(2_000_000);
    expect(Number(headers["content-length"])).toBe(body.length);
  },
  deep: (text) => expect(text).toContain("[".repeat(10_000)),
  "field-missing": (text) => expect(Object.keys(JSON.parse(text))).toHaveLength(4),
  "field-null": (text) => expect(Object.values(JSON.parse(text))).toContain(null),
  "field-renamed": (text) => expect(Object.keys(JSON.parse(text)).join()).toMatch(/_value|_at/),
  "field-nested": (text) => expect(text).toMatch(/":\{"value":/),
  "array-for-object": (text) => expect(text).toMatch(/^\[\{.*\}\]$/),
  "envelope-added": (text) => expect(JSON.parse(text)).toMatchObject({ data: { outcome: "approved" } }),
  "wrong-type": (text) => expect(text).toMatch(/:42[,}]|"amount":/),
  "unknown-enum": (text) => expect(JSON.parse(text).outcome).toBe("escalated"),
  "number-as-text": (text) => expect(JSON.parse(text).attempt).toBe("1"),
  "precision-lost": (text) => expect(text).toContain('"attempt":0.9999999999999998'),
  "date-format": (text) => expect(text).toMatch(/"settledAt":"\d\d\/\d\d\/\d{4} \d\d:\d\d"/),
  "timezone-missing": (text) => expect(text).toMatch(/"settledAt":"[\dT:.-]+"/),
  "empty-text": (text) => expect(text).toContain('""'),
  "very-long-text": (text) => expect(text.length).toBeGreaterThan(100_000),
  "case-changed": (text) => expect(JSON.parse(text).outcome).toBe("APPROVED"),
  negative: (text) => expect(JSON.parse(text).attempt).toBe(-1),
  "unit-changed": (text) => expect(JSON.parse(text).amount).toBe(12_050),
  "extra-fields": (text) =>
    expect(JSON.parse(text)).toMatchObject({ outcome: "approved", apiVersion: "2.1" }),
  "key-order": (text) => expect(Object.keys(JSON.parse(text)).at(-1)).toBe("id"),
  "white-space": (text) => expect(text).toMatch(/^\r\n\t \{\r\n\t"id"/),
  "hostile-text": (text) => expect(JSON.parse(text).note).toContain("<script>"),
};

it.each(MUTATION_NAMES)("%s arrives as it should not, and signed well over these bytes", async (mutation) => {
  await using sink = await startSink();
  await using partner = startReporting({
    faults: [{ fault: payloadMalformed, settings: { mutation } }],
    callback: { json: { ...MET_BY[mutation], ...PROMISED } },
  });
  partner.callbacks.report(submissionTo(sink.url));
  expect(await partner.settles()).toBe(true);
  const [met] = sink.received;
  if (!met) throw new Error("nothing arrived");
  LOOKS[mutation](met.body.toString(), met);
  expect(met.headers["webhook-signature"]).toBe(signatureOf(met, partner.secret));
  expect(partner.events("callback.sent")).toMatchObject([{ mutation, faults: [0] }]);
});

/** Standard Webhooks; the library takes texts only, and not all of these bytes are one. */
function signatureOf({ headers, body }: Received, secret: string): string {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.`;
  return `v1,${createHmac("sha256", key).update(signed).update(body).digest("base64")}`;
}
