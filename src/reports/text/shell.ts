// Words of a command line that a reader may paste into a shell.
import type { RunRecord } from "../../history/run-record.ts";
import { plain } from "./plain.ts";

/** As it is where no shell could misread it, else in single quotes (POSIX 2.2.2). */
export function shellWord(word: string): string {
  const safe = plain(word);
  return /^[\w./:@=+-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", "'\\''")}'`;
}

/** What `run` takes when no configuration is named. */
const DEFAULT_CONFIG = "neverfails.yaml";

/** Runs one scenario of a run again, with the same choices. */
export function rerunCommand(scenario: string, { seed, config }: Pick<RunRecord, "seed" | "config">): string {
  const system = config === undefined || config === DEFAULT_CONFIG ? "" : ` --config ${shellWord(config)}`;
  return `neverfails run ${shellWord(scenario)}${system} --seed ${shellWord(seed)}`;
}
