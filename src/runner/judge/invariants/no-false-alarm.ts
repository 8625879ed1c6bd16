// No alert in the baseline, and none before the partner has broken a promise.
import type { Facts } from "../facts.ts";
import type { CheckOutcome } from "../outcome.ts";
import { at, quote } from "../wording.ts";
import type { Invariant } from "./invariant.ts";

export const noFalseAlarm: Invariant = {
  summary: "no alert is sent in the baseline, and none before an onset",
  brokenBy: "always alerting",
  check,
};

function check({ header, alerts, proven, firstOnset }: Facts): CheckOutcome {
  const { channels } = header.system;
  if (channels.length === 0) return { kind: "cannot-tell", reason: "no alert channel is configured" };
  if (proven.size === 0) {
    const names = channels.map(({ name }) => name).join(", ");
    return {
      kind: "cannot-tell",
      reason: `nothing ever arrived on ${names}, not even a canary: silence proves nothing`,
    };
  }
  const early = alerts.filter(({ fired }) => firstOnset === undefined || fired.t < firstOnset);
  return {
    kind: "judged",
    exercised: proven.size,
    stories: early.map(({ fired }) => ({
      status: "failed",
      text: `an alert came on ${fired.channel} ${at(fired.t)}, ${
        firstOnset === undefined
          ? "though the partner broke no promise"
          : `before the partner first broke a promise ${at(firstOnset)}`
      }: ${quote(fired.text)}`,
      events: [fired.seq],
    })),
  };
}
