// The formats in which a run can be had: name → renderer and file.
import type { RunRecord } from "../history/run-record.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit/junit.ts";
import { renderMarkdown } from "./markdown/markdown.ts";
import { renderRun, type TerminalOptions } from "./terminal/run.ts";

export interface Reporter {
  /** One line for `--help`. */
  summary: string;
  /** Name in the run folder; absent for what is only printed. */
  file?: string;
  /** Pure: the same record and options, the same text. Only `terminal` looks at the options. */
  render(record: RunRecord, options: TerminalOptions): string;
}

export const REPORTER_NAMES = ["terminal", "json", "junit", "markdown"] as const;
export type ReporterName = (typeof REPORTER_NAMES)[number];

export const reporters: Record<ReporterName, Reporter> = {
  terminal: { summary: "the readable verdict", render: renderRun },
  json: { summary: "the whole run record", file: "run.json", render: renderJson },
  junit: { summary: "JUnit XML for CI", file: "junit.xml", render: renderJunit },
  markdown: {
    summary: "GitHub Flavored Markdown for job summaries",
    file: "summary.md",
    render: renderMarkdown,
  },
};

export function isReporterName(name: string): name is ReporterName {
  return REPORTER_NAMES.some((known) => known === name);
}
