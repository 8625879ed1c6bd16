// The authority that a served partner's clients have to trust, as a file while the partner lives.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface AuthorityFile extends AsyncDisposable {
  /** Undefined for a partner without https. */
  readonly path: string | undefined;
}

/** `ca`: PEM. */
export async function writeAuthorityFile(ca: string | undefined): Promise<AuthorityFile> {
  if (ca === undefined) return { path: undefined, [Symbol.asyncDispose]: async () => {} };
  const dir = await mkdtemp(join(tmpdir(), "neverfails-serve-"));
  const path = join(dir, "partner-ca.pem");
  await writeFile(path, ca);
  return { path, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}
