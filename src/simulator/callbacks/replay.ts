// A captured delivery sent again: the bytes and headers of the first try, with whatever age they have by then.
import type { Signature } from "../../history/event.ts";
import { TOLERANCE_SECONDS } from "../signing/signature.ts";
import type { Message, Prepared } from "./message.ts";
import type { Task } from "./task.ts";

/** Keeps the first try of an event, where one of the report's deliveries replays it. */
export function capture({ captured, delivery }: Task, message: Message, sentMs: number): void {
  if (delivery.replays || captured?.has(delivery.event)) return;
  captured?.set(delivery.event, { message, sentMs });
}

/** The captured message; a reason when what it replays was never sent. */
export function replayOf({ captured, delivery }: Task): Prepared {
  const found = captured?.get(delivery.event)?.message;
  if (!found) return { ok: false, reason: "there is nothing to replay: the report itself was never sent" };
  const faults = [...new Set([...found.faults, ...delivery.faults])];
  return { ok: true, message: { ...found, faults } };
}

/** How the task is signed when it goes out at `nowMs`: a replay that receivers must find too old is stale. */
export function signatureAt({ captured, delivery }: Task, nowMs: number): Signature {
  const { replays, timestamped, signature, event } = delivery;
  const sentMs = captured?.get(event)?.sentMs;
  if (!replays || !timestamped || signature !== "valid" || sentMs === undefined) return signature;
  return nowMs - sentMs > TOLERANCE_SECONDS * 1_000 ? "stale" : signature;
}
