// `alerts`: the right people are told within the time allowed, not too often, and told again when it is over.
import type { ChannelHeader, Expectations } from "../../../history/header.ts";
import { formatDuration } from "../../../lib/duration.ts";
import { type Alert, isOpenAt } from "../alerts.ts";
import type { Facts } from "../facts.ts";
import type { CheckOutcome, Story } from "../outcome.ts";
import { at, broken, loggedOnly, plural } from "../wording.ts";
import { resolves } from "./alert-resolves.ts";
import { unfelt } from "./detects.ts";

export type AlertsDemand = NonNullable<Expectations["alerts"]>;
type Affected = Facts["withOnset"][number];

export function alerts(facts: Facts, demand: AlertsDemand): CheckOutcome {
  const channels = facts.header.system.channels.filter(
    ({ name }) => demand.channel === undefined || name === demand.channel,
  );
  if (channels.length === 0) {
    const missing =
      demand.channel === undefined ? "no alert channel" : `no alert channel "${demand.channel}"`;
    return { kind: "cannot-tell", reason: `${missing} is configured` };
  }
  const exercised = facts.withOnset.length;
  if (exercised === 0) return { kind: "judged", exercised, stories: [], ...unfelt(facts) };
  const matching = facts.alerts.filter((alert) => matches(alert, demand));
  const storm = tooMany(facts, demand);
  const closing = demand.resolves ? resolves(facts, matching, demand.resolves.withinMs) : { stories: [] };
  const reason = [unfelt(facts).reason, closing.reason].filter((text) => text !== undefined).join("; ");
  return {
    kind: "judged",
    exercised,
    stories: [
      ...facts.withOnset.flatMap((transaction) =>
        judgeOne({ facts, transaction, demand, matching, channels }),
      ),
      ...storm,
      ...closing.stories,
    ],
    ...(reason === "" ? {} : { reason }),
    ...(closing.untold === undefined ? {} : { untold: closing.untold }),
  };
}

/** An alert on the channel, of the severity and with the name that the scenario asks for. */
function matches({ fired, namesPartner }: Alert, { channel, severity, names }: AlertsDemand): boolean {
  if (channel !== undefined && fired.channel !== channel) return false;
  if (severity !== undefined && fired.severity?.toLowerCase() !== severity.toLowerCase()) return false;
  return names !== "partner" || namesPartner;
}

interface One {
  facts: Facts;
  transaction: Affected;
  demand: AlertsDemand;
  matching: readonly Alert[];
  channels: readonly ChannelHeader[];
}

function judgeOne({ facts, transaction, demand, matching, channels }: One): Story[] {
  const onset = transaction.onsets[0];
  const deadline = onset.t + demand.withinMs;
  const covering = matching.filter((alert) =>
    covers(alert, transaction, demand, facts.firstOnset ?? onset.t),
  );
  if (covering.some(({ fired }) => fired.t <= deadline)) return [];
  const proof = { key: transaction.key, timing: true as const };
  const due = `${broken(onset)}; ${wanted(demand, facts)} was due by ${formatDuration(deadline)}`;
  const late = covering[0]?.fired;
  if (late) {
    const text = `${due}, it came ${at(late.t)} on ${late.channel}`;
    return [{ ...proof, status: "failed", text, events: [onset.seq, late.seq] }];
  }
  if (facts.endT < deadline) {
    const text = `${due}, none came before the run ended ${at(facts.endT)}`;
    return [{ ...proof, status: "inconclusive", text, events: [onset.seq] }];
  }
  const log = loggedOnly(transaction, onset.t);
  const text = `${due}, none came${silence(channels, facts)}${log.text}`;
  return [{ ...proof, status: "failed", text, events: [onset.seq, ...log.events] }];
}

/** Named: an alert after its own onset. Not named: also one for an earlier onset that was still open at its own. */
export function covers(
  alert: Alert,
  transaction: Affected,
  demand: AlertsDemand,
  firstOnset: number,
): boolean {
  const onset = transaction.onsets[0].t;
  if (demand.names === "each") return alert.fired.t > onset && alert.named.has(transaction.key);
  return alert.fired.t > onset || (alert.fired.t > firstOnset && isOpenAt(alert, onset));
}

function wanted({ names, channel, severity }: AlertsDemand, { header }: Facts): string {
  const kind = severity === undefined ? "an alert" : `an alert of severity ${severity}`;
  const where = channel === undefined ? "" : ` on ${channel}`;
  if (names === "each") return `${kind}${where} that names it`;
  return names === "partner" ? `${kind}${where} that names ${header.partner.name}` : `${kind}${where}`;
}

/** A channel on which nothing ever arrived may be a wrong address: say so. */
function silence(channels: readonly ChannelHeader[], { proven }: Facts): string {
  if (channels.some(({ name }) => proven.has(name))) return "";
  const names = channels.map(({ name }) => name).join(", ");
  return `; nothing at all arrived on ${names} in this run: \`alerts.canary\` in neverfails.yaml proves whether the system can reach it`;
}

/** Counts alerts from the first onset on; a repeat that joins an open PagerDuty incident wakes nobody again. */
function tooMany({ alerts: all, firstOnset = 0 }: Facts, { atMost, channel }: AlertsDemand): Story[] {
  if (atMost === undefined) return [];
  const counted = all.filter(
    ({ fired, channel: { kind } }) =>
      fired.t >= firstOnset &&
      (channel === undefined || fired.channel === channel) &&
      !(kind === "pagerduty" && fired.repeat),
  );
  if (counted.length <= atMost) return [];
  const text = `at most ${plural(atMost, "alert")} may be sent, ${counted.length} came between ${formatDuration(
    counted[0]?.fired.t ?? 0,
  )} and ${formatDuration(counted.at(-1)?.fired.t ?? 0)}`;
  return [{ status: "failed", text, events: counted.map(({ fired }) => fired.seq) }];
}
