// The kinds of history events as Markdown: docs/reports.md. The compiler asks for a line on each new kind.
import type { EventKind } from "../../src/history/event.ts";
import { code, markdownTable } from "./markdown.ts";

const EVENTS: Record<EventKind, string> = {
  "start.invoked": "a transaction is about to be started, with what is sent",
  "start.ok": "the system took it, under its own id",
  "start.failed": "the system refused it",
  "start.unknown": "no answer came: it may or may not have happened",
  "submit.received": "a submission reached the partner",
  "submit.replied": "what the partner answered, and whether it accepted the work",
  "submit.aborted": "the request ended without a complete reply",
  "connection.abandoned":
    "the client turned away from a bad certificate: no request came over that connection",
  "submission.accepted": "it is in the ledger now",
  "submission.advanced": "it reached a stage before the last: still no result",
  "submission.processed": "it was decided, with its outcome",
  "submission.lost": "the partner forgot it",
  "submission.stuck": "it was taken out of processing by hand, through the control API",
  "callback.scheduled": "a report is due",
  "callback.sent": "a delivery goes out: signature, body, and what is false or broken about it",
  "callback.acked": "it was answered with 2xx",
  "callback.refused": "it was answered otherwise",
  "callback.unanswered": "no answer came",
  "callback.withheld": "a report will not be sent, or not again",
  "status.asked": "the system asked for a status",
  "status.replied": "what it was told",
  "status.aborted": "the request ended without a complete reply",
  "token.issued":
    "the partner handed out an access token (oauth2), and for how long; the token itself is not kept",
  "token.refused": "it refused to, with the error of RFC 6749",
  "system.state": "a state that the system showed, and since when it may have been so",
  "system.effects": "the number of effects that it showed",
  "system.signal": "a reading of a signal",
  "system.log": "a line of its output that names a transaction",
  "system.started": "its process started",
  "system.exited": "its process ended, expected or not, with its last lines",
  "system.paused": "neverfails stopped its process for a while",
  "system.resumed": "its process goes on",
  "system.stranded": "after a crash that neverfails brought about it did not become ready again",
  "alert.fired": "an alert arrived",
  "alert.resolved": "an alert was closed",
  "alert.rejected": "an alert was refused: by the rules of the real service, or by a fault",
  "operator.replayed": "the runner did what an operator can do",
  "canary.failed": "the call for a test alert went wrong",
  "fault.armed": "a fault is in force from now on, in its window",
  "fault.fired": "a fault shaped something that the system could meet",
  "fault.disarmed": "a fault is over",
  "payload.derived": "what a fault can make of the payloads: every mutation and field that applies",
  "partner.reset": "the partner forgot everything, through the control API",
  "phase.entered": "a phase began",
  "phase.incomplete": "what is missing in the evidence",
  "run.ended": "the last event of a complete history",
  "harness.lag": "neverfails itself stood still",
};

export function eventTable(): string {
  return markdownTable(
    ["kind", "says"],
    Object.entries(EVENTS).map(([kind, text]) => [code(kind), text]),
  );
}
