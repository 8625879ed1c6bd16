// Checks any of our files by itself, whatever its kind.
import { basename, extname, resolve } from "node:path";
import type { Problem } from "../../lib/problem.ts";
import type { Assumption } from "../openapi/assumption.ts";
import type { Config } from "../types.ts";
import { loadConfig } from "./config.ts";
import { loadContractWithAssumptions } from "./contract.ts";
import { type FileKind, MAX_DOCUMENT_BYTES, recognise } from "./recognise.ts";
import { loadScenario } from "./scenarios.ts";
import { displayName, readSource } from "./source.ts";

export interface CheckedFile {
  /** As it is shown. */
  name: string;
  /** Undefined when the file cannot be read or is none of ours. */
  kind?: FileKind;
  problems: Problem[];
  /** What an OpenAPI document left open. */
  assumptions?: readonly Assumption[];
}

/** One file. `config`, when known, lets scenarios be checked against its channels and workflow. */
export async function checkFile(path: string, config?: Config): Promise<CheckedFile> {
  const file = resolve(path);
  const name = displayName(file);
  const source = await readSource(file, { maxBytes: MAX_DOCUMENT_BYTES });
  if (!source.ok) return { name, problems: source.problems };
  const kind = recognise(source.value.data);
  if (kind === undefined) {
    const message =
      "is none of ours: expected a system (system:, workflow:), a partner (submit:, openapi:) or a scenario (title:, faults:)";
    return { name, problems: [{ file: name, message }] };
  }
  return { name, kind, ...(await findings(kind, file, config)) };
}

type Findings = Pick<CheckedFile, "problems" | "assumptions">;

async function findings(kind: FileKind, file: string, config: Config | undefined): Promise<Findings> {
  switch (kind) {
    case "config": {
      const result = await loadConfig(file);
      return { problems: result.ok ? [] : result.problems };
    }
    case "contract": {
      const result = await loadContractWithAssumptions(file);
      return result.ok
        ? { problems: [], assumptions: result.value.assumptions }
        : { problems: result.problems };
    }
    case "scenario": {
      const label = basename(file);
      const id = label.slice(0, label.length - extname(label).length);
      const result = await loadScenario({ id, file, label }, config);
      return { problems: result.ok ? [] : result.problems };
    }
  }
}
