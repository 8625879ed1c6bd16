// Checks any of our files by itself, whatever its kind.
import { basename, extname, resolve } from "node:path";
import type { Problem } from "../../lib/problem.ts";
import type { Config } from "../types.ts";
import { loadConfig } from "./config.ts";
import { loadContract } from "./contract.ts";
import { type FileKind, recognise } from "./recognise.ts";
import { loadScenario } from "./scenarios.ts";
import { displayName, readSource } from "./source.ts";

export interface CheckedFile {
  /** As it is shown. */
  name: string;
  /** Undefined when the file cannot be read or is none of ours. */
  kind?: FileKind;
  problems: Problem[];
}

/** One file. `config`, when known, lets scenarios be checked against its channels and workflow. */
export async function checkFile(path: string, config?: Config): Promise<CheckedFile> {
  const file = resolve(path);
  const name = displayName(file);
  const source = await readSource(file);
  if (!source.ok) return { name, problems: source.problems };
  const kind = recognise(source.value.data);
  if (kind === undefined) {
    const message =
      "is none of ours: expected a system (system:, workflow:), a partner (submit:) or a scenario (title:, faults:)";
    return { name, problems: [{ file: name, message }] };
  }
  const problems = await problemsOf(kind, file, config);
  return { name, kind, problems };
}

async function problemsOf(kind: FileKind, file: string, config: Config | undefined): Promise<Problem[]> {
  switch (kind) {
    case "config": {
      const result = await loadConfig(file);
      return result.ok ? [] : result.problems;
    }
    case "contract": {
      const result = await loadContract(file);
      return result.ok ? [] : result.problems;
    }
    case "scenario": {
      const label = basename(file);
      const id = label.slice(0, label.length - extname(label).length);
      const result = await loadScenario({ id, file, label }, config);
      return result.ok ? [] : result.problems;
    }
  }
}
