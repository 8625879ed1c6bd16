// Words of a command line that a reader may paste into a shell.
import { plain } from "./plain.ts";

/** As it is where no shell could misread it, else in single quotes (POSIX 2.2.2). */
export function shellWord(word: string): string {
  const safe = plain(word);
  return /^[\w./:@=+-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", "'\\''")}'`;
}

/** Runs one scenario of a run again, with the same choices. */
export function rerunCommand(scenario: string, seed: string): string {
  return `neverfails run ${shellWord(scenario)} --seed ${shellWord(seed)}`;
}
