// The verdict on a saved run from its histories alone: without the system, the partner or the clock.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import type { History, HistoryHeader } from "../history/header.ts";
import { readHistoryFile, UnreadableHistory } from "../history/ndjson.ts";
import type { RunRecord } from "../history/run-record.ts";
import { formatDuration } from "../lib/duration.ts";
import type { Problem, Result } from "../lib/problem.ts";
import { judge } from "./judge/judge.ts";
import { buildRecord, scenarioRecord } from "./record.ts";

export interface Rejudged {
  record: RunRecord;
  /** What the reader should know about the evidence, such as a history that was cut off. */
  notes: string[];
}

/** Takes a run folder or a single history file. Mistakes are a missing path and files that are no histories. */
export function rejudge(path: string): Result<Rejudged> {
  const files = historyFiles(path);
  if (files.length === 0) {
    return {
      ok: false,
      problems: [{ file: path, message: "holds no history; name a folder under reports/ or a history file" }],
    };
  }
  const problems: Problem[] = [];
  const histories: Read[] = [];
  for (const file of files) {
    try {
      histories.push({ file, history: readHistoryFile(file) });
    } catch (cause) {
      if (!(cause instanceof UnreadableHistory)) throw cause;
      problems.push({ file, line: cause.line, message: cause.what });
    }
  }
  histories.sort((a, b) => a.history.header.startedAt.localeCompare(b.history.header.startedAt));
  const first = histories[0]?.history.header;
  if (!first || problems.length > 0) return { ok: false, problems };
  return { ok: true, value: { record: recordOf(path, first, histories), notes: notesOn(histories) } };
}

interface Read {
  file: string;
  history: History & { truncated: boolean };
}

function recordOf(path: string, first: HistoryHeader, histories: readonly Read[]): RunRecord {
  const saved = savedRecord(path);
  const scenarios = histories.map(({ file, history }) =>
    scenarioRecord(history.header, {
      verdict: judge(closed(history)),
      durationMs: Math.round(history.events.at(-1)?.t ?? 0),
      history: relative(path, file) || basename(file),
    }),
  );
  const judged = new Set(scenarios.map(({ scenario }) => scenario.id));
  return buildRecord({
    id: first.run,
    seed: first.seed,
    ...(saved?.config !== undefined && { config: saved.config }),
    startedAt: saved?.startedAt ?? first.startedAt,
    durationMs: saved?.durationMs ?? Math.max(...scenarios.map(({ durationMs }) => durationMs)),
    // What broke off says so itself, and is inconclusive; only run.json knows of a Ctrl-C.
    interrupted: saved?.interrupted ?? false,
    system: first.system,
    partner: first.partner.name,
    scenarios,
    notRun: (saved?.notRun ?? []).filter((id) => !judged.has(id)),
    claims: first.claims ?? [],
    ci: saved?.environment.ci ?? false,
  });
}

/** A history that breaks off proves what it shows, and nothing by its silence: the judge is told so. */
function closed(history: History): History {
  const isToldAlready = history.events.some((event) => event.kind === "phase.incomplete" && event.cut);
  if (isWhole(history) || isToldAlready) return history;
  const last = history.events.at(-1);
  const note = {
    seq: (last?.seq ?? 0) + 1,
    t: last?.t ?? 0,
    phase: last?.phase ?? "baseline",
    source: "runner",
    kind: "phase.incomplete",
    reason: "the history breaks off: the harness ended before the scenario did",
    keys: [],
    cut: true,
  } as const;
  return { header: history.header, events: [...history.events, { ...note, keys: [] }] };
}

function notesOn(histories: readonly Read[]): string[] {
  return histories.flatMap(({ history }) => {
    if (isWhole(history)) return [];
    const { header, events } = history;
    const last = events.at(-1);
    return [
      `${header.scenario.id}: the history breaks off at ${formatDuration(last?.t ?? 0)}; judged up to the last complete event`,
    ];
  });
}

function isWhole({ events }: History): boolean {
  return events.at(-1)?.kind === "run.ended";
}

function historyFiles(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  const folder = existsSync(join(path, "history")) ? join(path, "history") : path;
  // Any other folder may hold histories of many runs somewhere below.
  if (!folder.split(sep).includes("history")) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ndjson"))
    .sort()
    .map((file) => join(folder, file));
}

function savedRecord(path: string): RunRecord | undefined {
  const file = join(path, "run.json");
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as RunRecord;
  } catch {
    // The histories are the evidence; a damaged run.json only costs the order and the times of the run.
    return undefined;
  }
}
