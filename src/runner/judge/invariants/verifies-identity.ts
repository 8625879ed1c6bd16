// No request comes over a connection on which the partner had shown a certificate that proves nothing.
import type { EventOf } from "../../../history/event.ts";
import type { Case, Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import { ofKind } from "../transaction.ts";
import { at } from "../wording.ts";
import type { Invariant } from "./invariant.ts";

export const verifiesIdentity: Invariant = {
  summary: "nothing is sent to a partner whose certificate is expired, untrusted or another host's",
  brokenBy: "certificate checks that were switched off",
  check,
};

function check({ all, events }: Facts): CheckOutcome {
  const trusting = all.map((transaction) => ({ transaction, sent: sentBlindly(transaction) }));
  const turnedAway = ofKind(events, "connection.abandoned").length;
  const sent = trusting.reduce((sum, { sent }) => sum + sent.length, 0);
  return {
    kind: "judged",
    exercised: turnedAway + sent,
    stories: trusting.flatMap(({ transaction, sent }) => judgeOne(transaction, sent)),
  };
}

type Request = EventOf<"submit.received"> | EventOf<"status.asked">;

function sentBlindly({ submits, polls }: Case): Request[] {
  const requests = [...submits.map(({ received }) => received), ...polls.map(({ asked }) => asked)];
  return requests.filter(({ badCertificate }) => badCertificate !== undefined).sort((a, b) => a.seq - b.seq);
}

/** One story a transaction: the first request, and how many more there were. */
function judgeOne({ key }: Case, sent: readonly Request[]): Story[] {
  const [first, ...more] = sent;
  if (!first) return [];
  const what = first.kind === "submit.received" ? "it was submitted" : "its status was asked for";
  const rest = more.length === 0 ? "" : `, and ${more.length} more`;
  const text = `${what} ${at(first.t)} over a connection with ${NAMED[first.badCertificate ?? ""] ?? "a bad certificate"}${rest}; whoever answers there may be anybody`;
  return [{ status: "failed", key, text, events: sent.map(({ seq }) => seq) }];
}

const NAMED: Record<string, string> = {
  expired: "an expired certificate",
  untrusted: "a certificate that nobody vouches for",
  "wrong-host": "the certificate of another host",
};
