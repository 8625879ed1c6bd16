// Where one instance of the system lives: a free port and a fresh data folder.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../lib/ports.ts";

/** `system.port` and `system.dir` in expressions. Kept over a crash and a restart. */
export interface Place {
  port: number;
  dir: string;
}

export async function createPlace(): Promise<Place> {
  const [port, dir] = await Promise.all([freePort(), mkdtemp(join(tmpdir(), "neverfails-"))]);
  return { port, dir };
}

export async function removePlace({ dir }: Place): Promise<void> {
  await rm(dir, { recursive: true, force: true, maxRetries: 3 });
}
