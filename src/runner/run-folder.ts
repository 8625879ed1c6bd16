// reports/<run-id>/: where everything about one run goes, and where `latest` points.

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../lib/problem.ts";

/** `20261122-190812-3fa9`: sorts by time, and two runs started at once differ. */
export function newRunId(now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `${stamp}-${randomBytes(2).toString("hex")}`;
}

export interface RunFolder {
  readonly path: string;
  readonly id: string;
  /** Relative name of a scenario's history; repeats of a scenario get their own. */
  historyName(scenario: string, repeat: number): string;
  logName(scenario: string, repeat: number): string;
  resolve(name: string): string;
  write(name: string, text: string): void;
  /** Points `latest` at this run. */
  markLatest(): void;
}

export function createRunFolder(output: string, id: string): RunFolder {
  const path = join(output, id);
  try {
    makeFolder(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const message = `no folder can be made here (${code ?? String(cause)})`;
    throw new UserError([{ file: output, message, hint: "--output names another one" }], { cause });
  }
  const folder: RunFolder = {
    path,
    id,
    historyName: (scenario, repeat) => join("history", `${scenario}${suffix(repeat)}.ndjson`),
    logName: (scenario, repeat) => join("system", `${scenario}${suffix(repeat)}.log`),
    resolve: (name) => join(path, name),
    write(name, text) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      // Whole or not at all: a reader never sees half a report.
      writeFileSync(`${file}.part`, text);
      renameSync(`${file}.part`, file);
    },
    markLatest() {
      const link = join(output, "latest");
      const fresh = join(output, `.latest-${id}`);
      rmSync(fresh, { force: true });
      symlinkSync(id, fresh);
      renameSync(fresh, link);
    },
  };
  return folder;
}

/** One after another: Node's recursive mkdir goes round for ever where a file system makes no folders, such as /proc. */
function makeFolder(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

function suffix(repeat: number): string {
  return repeat > 1 ? `.${repeat}` : "";
}
