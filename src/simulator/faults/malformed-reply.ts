// A successful reply in an unexpected format: the mutations of callbacks' payloads, applied to a reply.
import { type MalformOptions, malform } from "../payload/malform.ts";
import type { Reply } from "../pipeline-values.ts";
import type { FaultContext } from "./fault.ts";

/** Errors are left as they are, and so is what no mutation applies to. */
export function malformReply(reply: Reply, options: MalformOptions, context: FaultContext): Reply {
  if (reply.status > 299) return reply;
  const { "content-type": contentType = "application/json", ...headers } = reply.headers;
  const claims = statedOutcome(reply, context);
  const payload = {
    body: Buffer.from(reply.body),
    contentType,
    headers: {},
    content: "genuine",
    claims,
  } as const;
  const broken = malform(payload, options, context);
  if (!broken) return reply;
  return {
    ...reply,
    headers: { ...headers, ...broken.headers, "content-type": broken.contentType },
    body: broken.body,
    claims: broken.claims,
  };
}

/** The outcome that the reply states in one of its fields; null for one that states none. */
function statedOutcome({ body }: Reply, { outcomes }: FaultContext): string | null {
  const words = [...outcomes, "rejected"];
  let found: string | null = null;
  try {
    JSON.parse(Buffer.from(body).toString("utf8"), (_, value: unknown) => {
      if (typeof value === "string" && words.includes(value)) found ??= value;
      return value;
    });
  } catch {
    return null;
  }
  return found;
}
