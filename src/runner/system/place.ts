// Where one instance of the system lives: a free port and a fresh data folder.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
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

/**
 * Writes the authority that the system has to trust and returns the path of the file. Without one (a partner over plain
 * http) the file holds an authority that everybody trusts anyway, because programs refuse one that holds none.
 */
export async function writeAuthority({ dir }: Pick<Place, "dir">, ca: string | undefined): Promise<string> {
  const path = join(dir, "partner-ca.pem");
  await writeFile(path, `${(ca ?? rootCertificates[0] ?? "").trim()}\n`);
  return path;
}

export async function removePlace({ dir }: Place): Promise<void> {
  await rm(dir, { recursive: true, force: true, maxRetries: 3 });
}
