import { expect, it } from "vitest";
import { createRedactor } from "../lib/redact.ts";
import { redactData, redactedJson } from "./redact-data.ts";

const redact = createRedactor(["1000", "partner", 'a "quoted" one']);
const event = {
  seq: 1,
  t: 1000,
  phase: "fault",
  source: "partner",
  kind: "callback.refused",
  retryAfterMs: 1000,
  body: { note: ['the partner said a "quoted" one', 1000], partner: null },
};

it("hides secrets in texts; numbers, names and the words of an event stay", () => {
  expect(redactData(event, redact)).toEqual({
    ...event,
    body: { note: ["the [redacted] said [redacted]", 1000], partner: null },
  });
});

it("writes JSON that can be read again, whatever the secrets are", () => {
  expect(JSON.parse(redactedJson([event], redact))).toEqual([redactData(event, redact)]);
  expect(redactedJson({ a: 1 }, redact)).toBe('{"a":1}');
});
