// Phrases that findings share: times since the run's start, what the system shows, what only its log says.
import { formatDuration } from "../../lib/duration.ts";
import type { Ending } from "./ending.ts";
import type { Case, Facts } from "./facts.ts";
import type { Onset } from "./onset.ts";

/** `at 1.2 s`, since the run's start. */
export function at(t: number): string {
  return `at ${formatDuration(t)}`;
}

const LONGEST_QUOTE = 160;

/** In quotes, on one line, cut when long. */
export function quote(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return `"${line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line}"`;
}

/** `callback.missing felt at 3.2 s` in words, for the fault behind an onset. */
export function broken({ fault, t }: Onset): string {
  switch (fault.onset) {
    case "promise":
      return `${fault.fault}: the result was due by ${formatDuration(t)}`;
    case "start":
      return `${fault.fault}: nobody could be reached from its start ${at(t)}`;
    case "attempt":
      return fault.point === "submit" || fault.point === "connection" || fault.point === "credentials"
        ? `${fault.fault}: the attempt failed ${at(t)}`
        : `${fault.fault}: it happened ${at(t)}`;
    case "delivery":
      return `${fault.fault}: delivered ${at(t)}`;
    case "second-delivery":
      return `${fault.fault}: delivered a second time ${at(t)}`;
    case "poll":
      return `${fault.fault}: the status request was answered badly ${at(t)}`;
    case "signal":
      return `${fault.fault}: the process was struck ${at(t)}`;
    case "none":
      return `${fault.fault}: in force ${at(t)}`;
    case "correction":
      return `${fault.fault}: the outcome was corrected ${at(t)}`;
  }
}

/** What the system showed last, such as `still "submitted" at 12 s`. */
export function shown({ ending, states }: Pick<Case, "ending" | "states">, endT: number): string {
  const word = quote(states.at(-1)?.value.state ?? "");
  return describe(ending, word, endT);
}

function describe(ending: Ending, word: string, endT: number): string {
  switch (ending.kind) {
    case "right":
      return `shows ${word} since ${formatDuration(ending.since.by)}`;
    case "wrong": {
      const effects = ending.effects === undefined ? "" : ` with ${plural(ending.effects, "effect")}`;
      return `shows ${word}${effects} since ${formatDuration(ending.since.by)}`;
    }
    case "attention":
      return `asks for attention (${word}) since ${formatDuration(ending.since.by)}`;
    case "pending":
      return `still ${word} ${at(endT)}`;
    case "unreadable":
      return ending.reading.state === null
        ? `its state cannot be read since ${formatDuration(ending.since.by)} (${ending.reading.error ?? "no answer"})`
        : `it shows ${word}, which \`means\` does not list, since ${formatDuration(ending.since.by)}`;
    case "unseen":
      return "its state was never read";
  }
}

/** How the start went, when it did not go well; `seq` proves it. */
export function startTrouble({ answered, invoked }: Case): { text: string; seq: number } | undefined {
  if (!answered) return { text: `its start ${at(invoked.t)} was never answered`, seq: invoked.seq };
  switch (answered.kind) {
    case "start.ok":
      return undefined;
    case "start.failed":
      return {
        text: `the system refused it ${at(answered.t)} (${answered.status}: ${answered.reason})`,
        seq: answered.seq,
      };
    case "start.unknown":
      return { text: `its start ${at(invoked.t)} got no answer (${answered.reason})`, seq: answered.seq };
  }
}

/** What the ledger holds, as the first half of a sentence. */
export function ledgerSays({ accepted, lost, truth }: Case, { partner }: Facts["header"]): string {
  const first = accepted[0];
  if (!first) return `${partner.name} never accepted it`;
  const taken = `accepted by ${partner.name} ${at(first.t)}`;
  if (truth) return `${taken} and ${truth.outcome} ${at(truth.t)}`;
  const gone = lost.at(-1);
  return gone
    ? `${taken} and lost there ${at(gone.t)}`
    : `${taken}, result due by ${formatDuration(first.t + partner.promisesMs)}`;
}

/** The log line that is the only trace of the trouble, as an ending of a sentence; empty when there is none. */
export function loggedOnly(transaction: Case, sinceT: number): { text: string; events: number[] } {
  const line = firstLog(transaction, sinceT);
  return line
    ? { text: `; its log says ${quote(line.line)} — logged only`, events: [line.seq] }
    : { text: "", events: [] };
}

/** The first log line about it from `sinceT` on. */
export function firstLog({ logs }: Case, sinceT: number): Case["logs"][number] | undefined {
  return logs.find(({ t }) => t >= sinceT);
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
