import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createClock } from "../lib/clock.ts";
import { createRedactor } from "../lib/redact.ts";
import { DEFAULT_BOUNDS, type HistoryHeader } from "./header.ts";
import { createHistoryLog } from "./history.ts";
import { openHistoryFile, parseHistory, readHistoryFile, UnreadableHistory } from "./ndjson.ts";

const header: HistoryHeader = {
  neverfailsHistory: 1,
  run: "r",
  seed: "1",
  startedAt: "2026-01-01T00:00:00.000Z",
  scenario: { id: "s", title: "t", tags: [], expect: {}, waives: {}, bounds: DEFAULT_BOUNDS },
  faults: [],
  partner: {
    name: "Acme",
    promisesMs: 1_000,
    outcomes: ["approved"],
    callsBack: true,
    answersStatus: true,
    idempotent: true,
    signs: "none",
  },
  system: {
    name: "s",
    noun: "claim",
    observesEffects: false,
    channels: [],
    canary: false,
    signals: [],
    logs: false,
    operatorReplay: false,
    owned: true,
  },
};
const file = () => join(mkdtempSync(join(tmpdir(), "neverfails-")), "deep", "h.ndjson");

it("writes events as they happen and reads back exactly those", () => {
  const path = file();
  const writer = openHistoryFile(path, header, createRedactor(["hunter22"]));
  const log = createHistoryLog({ clock: createClock(), sink: writer.write });
  log.append({ source: "runner", kind: "phase.entered", entered: "fault" });
  log.append({ source: "driver", kind: "start.failed", key: "K", status: 500, reason: "hunter22 leaked" });
  writer.close();
  const history = readHistoryFile(path);
  expect(history.header).toEqual(header);
  expect(history.events.map(({ seq, kind }) => [seq, kind])).toEqual([
    [1, "phase.entered"],
    [2, "start.failed"],
  ]);
  expect(readFileSync(path, "utf8")).not.toContain("hunter22");
  expect(history.truncated).toBe(false);
});

it("reads up to the last complete event of a file that was cut anywhere", () => {
  const lines = [header, { seq: 1, kind: "harness.lag", ms: 1 }, { seq: 2, kind: "harness.lag", ms: 2 }].map(
    (line) => JSON.stringify(line),
  );
  const text = `${lines.join("\n")}\n`;
  const headerEnd = (lines[0] ?? "").length + 1;
  for (let cut = headerEnd; cut < text.length; cut++) {
    const { events, truncated } = parseHistory(text.slice(0, cut), "h");
    expect(events).toHaveLength(text.slice(headerEnd, cut).split("\n").length - 1);
    expect(truncated).toBe(text[cut - 1] !== "\n");
  }
});

it.each(["", "not json\n", "{}\n", '{"neverfailsHistory":99}\n'])(
  "says that %j is no history it can read",
  (text) => {
    expect(() => parseHistory(text, "h.ndjson")).toThrow(UnreadableHistory);
  },
);

it("keeps one line for each event, even where what a transaction carries looks like the beginning of another", () => {
  const path = file();
  const writer = openHistoryFile(path, header);
  const history = createHistoryLog({ clock: createClock(), sink: writer.write });
  const body = { items: [{ a: 1 }, { seq: 2 }, { seq: 3 }], text: '},{"seq":4' };
  for (const ordinal of [1, 2]) {
    const about = { key: `K${ordinal}`, ordinal, group: "faulted", body } as const;
    history.append({ source: "driver", kind: "start.invoked", ...about });
  }
  history.append({ source: "runner", kind: "run.ended" });
  writer.close();
  const read = readHistoryFile(path);
  expect(read.truncated).toBe(false);
  expect(read.events).toEqual(history.events);
});
