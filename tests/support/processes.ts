// Which processes of this machine carry a text in their command line or environment (Linux: /proc).
import { readdirSync, readFileSync } from "node:fs";

/** Ids of live processes started with this text in their environment or arguments. */
export function processesWith(text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(
      (pid) => read(`/proc/${pid}/environ`).includes(text) || read(`/proc/${pid}/cmdline`).includes(text),
    )
    .filter((pid) => !/\) Z /.test(read(`/proc/${pid}/stat`)))
    .map(Number);
}

/** A process may end between the listing and the reading: then it holds nothing. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
