// The history of one scenario as it goes to disk, with its secrets redacted, and the mark that it is complete.
import type { HistoryEvent } from "../../history/event.ts";
import type { HistoryHeader } from "../../history/header.ts";
import { createHistoryLog, type OwnedHistoryLog } from "../../history/history.ts";
import { openHistoryFile } from "../../history/ndjson.ts";
import { redactedJson } from "../../history/redact-data.ts";
import type { Clock } from "../../lib/clock.ts";
import { createRedactor, type Redact } from "../../lib/redact.ts";

export interface Evidence {
  readonly history: OwnedHistoryLog;
  readonly redact: Redact;
  /** To be called as soon as the secrets exist: before that, nothing that holds one happens. */
  hide(secrets: readonly string[]): void;
  /** The events as the file holds them. */
  written(): HistoryEvent[];
  /** Everything that belongs to it has been seen: closing will say so. */
  complete(): void;
  close(): void;
}

export function openEvidence(path: string, header: HistoryHeader, clock: Clock): Evidence {
  let redactor: Redact = (text) => text;
  const redact: Redact = (text) => redactor(text);
  const file = openHistoryFile(path, header, redact);
  const history = createHistoryLog({ clock, sink: file.write });
  let isComplete = false;
  return {
    history,
    redact,
    hide(secrets) {
      redactor = createRedactor(secrets);
    },
    written: () => history.events.map((event) => JSON.parse(redactedJson(event, redact)) as HistoryEvent),
    complete() {
      isComplete = true;
    },
    close() {
      if (isComplete) history.append({ source: "runner", kind: "run.ended" });
      file.close();
    },
  };
}
