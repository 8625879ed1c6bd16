// A partner's quota: how users write it, what a refusal for it looks like, and the headers that tell what is left.
import * as z from "zod";
import { durationSchema } from "../../lib/duration.ts";
import { problemReply } from "../pipeline/problem-details.ts";
import type { Reply } from "../pipeline-values.ts";
import type { Quota, Ration } from "../plan/token-bucket.ts";

const RATE = /^(\d+)\s*\/\s*(s|m)$/;

/** `5/s`, `60/m` or `{ requests: 5, per: 1s }`. */
export const quotaSchema = z.union([
  z
    .string()
    .refine((text) => parseQuota(text) !== undefined, {
      error: "expected a quota such as 5/s or 60/m, or { requests: 5, per: 1s }",
    })
    .transform((text) => parseQuota(text) as Quota),
  z
    .strictObject({
      requests: z.int().min(1),
      per: durationSchema.refine((ms) => ms > 0, { error: "must be above 0" }),
    })
    .transform(({ requests, per }): Quota => ({ requests, perMs: per })),
]);

function parseQuota(text: string): Quota | undefined {
  const [, requests, unit] = RATE.exec(text.trim()) ?? [];
  if (requests === undefined || Number(requests) < 1) return undefined;
  return { requests: Number(requests), perMs: unit === "m" ? 60_000 : 1_000 };
}

/** What the policy is called in headers and problems. */
const POLICY = "default";
/** https://www.iana.org/assignments/http-problem-types, by draft-ietf-httpapi-ratelimit-headers. */
const QUOTA_EXCEEDED = "https://iana.org/assignments/http-problem-types#quota-exceeded";

/** 429 (RFC 6585, 4) with Retry-After in whole seconds; the headers of the quota come on top. */
export function quotaExceeded({ delayMs }: Reply, { requests, perMs }: Quota, { moreMs }: Ration): Reply {
  const period = perMs === 1_000 ? "second" : `${seconds(perMs)} seconds`;
  const refusal = problemReply(429, `More than ${requests} requests in a ${period}.`, {
    type: QUOTA_EXCEEDED,
    title: "Request cannot be satisfied as assigned quota has been exceeded",
    "violated-policies": [POLICY],
  });
  const headers = { ...refusal.headers, "retry-after": String(Math.max(1, seconds(moreMs))) };
  return { ...refusal, headers, delayMs };
}

/**
 * RateLimit-Policy (q: quota, w: window) and RateLimit (r: remaining, t: seconds until one more), as
 * draft-ietf-httpapi-ratelimit-headers-10 writes them. The window is told in whole seconds, so at least one.
 */
export function withRateLimit(reply: Reply, { requests, perMs }: Quota, ration: Ration): Reply {
  const headers = {
    ...reply.headers,
    "ratelimit-policy": `"${POLICY}";q=${requests};w=${Math.max(1, seconds(perMs))}`,
    ratelimit: `"${POLICY}";r=${ration.remaining};t=${seconds(ration.moreMs)}`,
  };
  return { ...reply, headers };
}

/** Rounded up: never earlier than it is true. */
function seconds(ms: number): number {
  return Math.ceil(ms / 1_000);
}
