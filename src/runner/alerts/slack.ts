// Slack incoming webhooks: JSON or a form field `payload`, answers in plain words.
// Source: docs.slack.dev "Sending messages using incoming webhooks", and its list of error words.
import { flattenText } from "./alert-text.ts";
import { isAllClear } from "./all-clear.ts";
import { type Incoming, isRecord, parseJson, plainReply, type Reading, refusal } from "./message.ts";

export const SLACK_BODY_LIMIT = 1024 * 1024;
const MAX_BLOCKS = 50;
const MAX_ATTACHMENTS = 100;

/** Values that lay out a message and say nothing to people. */
const MACHINE_FIELDS = new Set([
  "type",
  "block_id",
  "action_id",
  "style",
  "color",
  "mrkdwn_in",
  "verbatim",
  "emoji",
]);

/** What Slack answers to a webhook call, and what people see in the channel. */
export function readSlack({ body, contentType }: Incoming): Reading {
  const payload = parseJson(contentType.includes("form-urlencoded") ? formPayload(body) : body);
  if (!isRecord(payload)) return refuse("invalid_payload");
  const { text, blocks, attachments } = payload;
  const problem = findProblem(payload);
  if (problem) return refuse(problem);
  const said = unescapeSlack(flattenText([text, blocks, attachments], { skip: MACHINE_FIELDS }));
  if (said === "") return refuse("no_text");
  const message = { text: said };
  return {
    reply: plainReply(200, "ok"),
    message: isAllClear(said) ? { kind: "resolve", ...message } : { kind: "fire", ...message },
  };
}

/** 404 for a hook that was never given out. */
export function unknownSlackHook(): Reading {
  return refusal(plainReply(404, "no_service"), "404 no_service: no such incoming webhook");
}

function refuse(word: string): Reading {
  return refusal(plainReply(400, word), `400 ${word}`);
}

function formPayload(body: string): string {
  return new URLSearchParams(body).get("payload") ?? "";
}

function findProblem({ text, blocks, attachments }: Record<string, unknown>): string | undefined {
  if (text !== undefined && text !== null && typeof text !== "string" && typeof text !== "number")
    return "invalid_payload";
  if (blocks !== undefined && !isBlockList(blocks)) return "invalid_blocks";
  if (attachments !== undefined && !(Array.isArray(attachments) && attachments.every(isRecord)))
    return "invalid_attachments";
  if (Array.isArray(attachments) && attachments.length > MAX_ATTACHMENTS) return "too_many_attachments";
  return undefined;
}

function isBlockList(blocks: unknown): boolean {
  return (
    Array.isArray(blocks) &&
    blocks.length <= MAX_BLOCKS &&
    blocks.every((block) => isRecord(block) && typeof block.type === "string")
  );
}

/** Slack wants `&`, `<` and `>` escaped; people see the characters. */
function unescapeSlack(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
