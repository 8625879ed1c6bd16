// Faults applied to the partner's values, one after another in the order of the schedule. Unchanged means: did not fire.
import type { ConnectionBreak, StatusView } from "../faults/fault.ts";
import type { Processing, Reply } from "../pipeline-values.ts";
import type { ActiveFault } from "../plan/plan.ts";

export interface Shaped<Value> {
  value: Value;
  /** The faults that changed it. */
  by: readonly ActiveFault[];
}

/** The first fault that breaks this connection. */
export function connectionBreak(
  active: readonly ActiveFault[],
): { by: ActiveFault; kind: ConnectionBreak["kind"] } | undefined {
  for (const use of active) {
    const broken = use.fault.point === "connection" && use.fault.breaks?.(use.settings);
    if (broken) return { by: use, kind: broken.kind };
  }
  return undefined;
}

/** False when one of them keeps the request away from the ledger. */
export function accepts(active: readonly ActiveFault[]): boolean {
  return active.every(
    ({ fault, settings, context }) =>
      fault.point !== "submit" || (fault.accepts?.(settings, context) ?? true),
  );
}

/** What faults of the connection make of any reply. */
export function shapeConnectionReply(reply: Reply, active: readonly ActiveFault[]): Shaped<Reply> {
  return shape(reply, active, (value, { fault, settings, context }) =>
    fault.point === "connection" && fault.reply ? fault.reply(value, settings, context) : value,
  );
}

/** How long the reply to a submission waits at most for its result to be reported; undefined: not at all. */
export function replyHoldMs(active: readonly ActiveFault[]): number | undefined {
  const holds = active.flatMap(({ fault, settings }) =>
    fault.point === "callback" && fault.holdsReply ? [fault.holdsReply(settings)] : [],
  );
  return holds.length === 0 ? undefined : Math.max(...holds);
}

export function shapeSubmitReply(reply: Reply, active: readonly ActiveFault[]): Shaped<Reply> {
  return shape(
    reply,
    active,
    (value, { fault, settings, context }) =>
      fault.point === "submit" ? fault.reply(value, settings, context) : value,
    announce,
  );
}

export function shapeProcessing(processing: Processing, active: readonly ActiveFault[]): Shaped<Processing> {
  return shape(processing, active, (value, { fault, settings, context }) =>
    fault.point === "processing" ? fault.process(value, settings, context) : value,
  );
}

export function shapeStatusView(view: StatusView, active: readonly ActiveFault[]): Shaped<StatusView> {
  return shape(view, active, (value, { fault, settings, context }) =>
    fault.point === "status" && fault.view ? fault.view(value, settings, context) : value,
  );
}

export function shapeStatusReply(reply: Reply, active: readonly ActiveFault[]): Shaped<Reply> {
  return shape(
    reply,
    active,
    (value, { fault, settings, context }) =>
      fault.point === "status" && fault.reply ? fault.reply(value, settings, context) : value,
    announce,
  );
}

function announce(reply: Reply, { fault, settings, context }: ActiveFault): Reply {
  if (fault.point !== "submit" && fault.point !== "status") return reply;
  return fault.announces?.(reply, settings, context) ?? reply;
}

const UNTOUCHED: readonly ActiveFault[] = [];

function shape<Value>(
  honest: Value,
  active: readonly ActiveFault[],
  apply: (value: Value, use: ActiveFault) => Value,
  /** Changes that are no firing. */
  announce: (value: Value, use: ActiveFault) => Value = (value) => value,
): Shaped<Value> {
  if (active.length === 0) return { value: honest, by: UNTOUCHED };
  let value = honest;
  const by: ActiveFault[] = [];
  for (const use of active) {
    const next = apply(value, use);
    if (next !== value) by.push(use);
    value = announce(next, use);
  }
  return { value, by };
}

/** The `faults` of an event: nothing when none had a hand in it. */
export function faultsOf(by: readonly ActiveFault[]): { faults?: number[] } {
  return by.length === 0 ? UNSHAPED : { faults: by.map(({ index }) => index) };
}

const UNSHAPED = {};
