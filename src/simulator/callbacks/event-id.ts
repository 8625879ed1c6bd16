// Ids that receivers see for an event, in the form that the scheme's receivers know.
import { createHash } from "node:crypto";
import { chooseTag } from "../../lib/choice.ts";
import type { SigningScheme } from "../signing/sign.ts";

/** The id of the event that `parts` are about: same parts, same id. Never holds a dot (Standard Webhooks). */
export function eventId(scheme: SigningScheme, ...parts: ReadonlyArray<string | number>): string {
  switch (scheme) {
    case "github":
      return guid(JSON.stringify(parts));
    case "standard-webhooks":
      return `msg_${chooseTag(12, "event", ...parts)}`;
    case "stripe":
    case "none":
      return `evt_${chooseTag(12, "event", ...parts)}`;
  }
}

/** Another id of the same form, for the nth copy of an event that pretends to be a new one. */
export function anotherEventId(event: string, nth: number): string {
  const prefix = /^[a-z]+_/.exec(event)?.[0];
  return prefix ? prefix + chooseTag(12, "copy", event, nth) : guid(`${event}#${nth}`);
}

/** X-GitHub-Delivery is a GUID. */
function guid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
