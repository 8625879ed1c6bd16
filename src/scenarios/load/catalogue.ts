// Which scenario files there are: the shipped catalogue, folders, single files; ids, and a stable order.
import { lstat, readdir } from "node:fs/promises";
import { basename, extname, join, relative, sep } from "node:path";
import { packageRoot } from "../../lib/package-info.ts";
import type { Problem, Result } from "../../lib/problem.ts";
import { QUESTIONS } from "../questions.ts";
import { displayName } from "./source.ts";

export interface ScenarioFile {
  /** Path below its source folder without extension, with slashes. */
  id: string;
  /** Absolute. */
  file: string;
  /** As positions in reports show it, without the machine's folders: `scenarios/never-reports/late-callback.yaml`. */
  label: string;
  /** From the catalogue of the package: written for every system, this one or another. */
  shipped?: true;
}

/** The word that stands for the catalogue of the package. */
export const SHIPPED = "shipped";

const EXTENSIONS = new Set([".yaml", ".yml"]);
/** A folder with more entries than this is not a scenario folder (somebody wrote `/`). */
const MAX_ENTRIES = 5_000;

/** Every file of every source (absolute, or "shipped"); of two with the same id the later source's wins. */
export async function findScenarioFiles(sources: readonly string[]): Promise<Result<ScenarioFile[]>> {
  const problems: Problem[] = [];
  const found = new Map<string, ScenarioFile>();
  for (const source of sources) {
    const path = source === SHIPPED ? join(packageRoot, "scenarios") : source;
    const files = await filesOf(path);
    const origin = source === SHIPPED ? { shipped: true as const } : {};
    if (files.ok) for (const file of files.value) found.set(file.id, { ...file, ...origin });
    else problems.push(...files.problems);
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: [...found.values()].sort((a, b) => compareIds(a.id, b.id)) };
}

async function filesOf(path: string): Promise<Result<ScenarioFile[]>> {
  const problem = (message: string): Result<ScenarioFile[]> => ({
    ok: false,
    problems: [{ file: displayName(path), message }],
  });
  const stats = await lstat(path).catch(() => undefined);
  if (!stats) return problem("there is no such file or folder of scenarios");
  if (!stats.isDirectory()) {
    const name = basename(path);
    return {
      ok: true,
      value: [{ id: name.slice(0, name.length - extname(name).length), file: path, label: name }],
    };
  }
  const files: ScenarioFile[] = [];
  const folders = [path];
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (++entries > MAX_ENTRIES)
        return problem(`holds more than ${MAX_ENTRIES} files; is it a folder of scenarios?`);
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
      const file = join(folder, entry.name);
      // Links are not followed, so a folder can never contain itself.
      if (entry.isDirectory()) folders.push(file);
      else if (EXTENSIONS.has(extname(entry.name))) files.push(fileBelow(path, file));
    }
  }
  return { ok: true, value: files };
}

function fileBelow(folder: string, file: string): ScenarioFile {
  const inside = relative(folder, file).split(sep).join("/");
  return {
    id: inside.slice(0, inside.length - extname(inside).length),
    file,
    label: `${basename(folder)}/${inside}`,
  };
}

/** The order of the questions; what belongs to none comes after them. */
const FOLDERS = Object.keys(QUESTIONS);

/** Steady state first, then by question, then by name. */
export function compareIds(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

function rank(id: string): number {
  const folder = id.split("/")[0] ?? "";
  if (id === "steady-state") return -1;
  const index = FOLDERS.indexOf(folder);
  return index === -1 ? FOLDERS.length : index;
}
