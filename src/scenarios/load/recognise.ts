// Tells by its shape what a file is: the system under test, a partner's contract (ours or OpenAPI), or a scenario.
import { entriesOf, lookup } from "./lookup.ts";

export type FileKind = "config" | "contract" | "scenario";

/** Top-level keys that each kind of file has; `name` and the like tell nothing. */
const KEYS: Record<FileKind, readonly string[]> = {
  config: ["system", "partner", "workflow", "alerts", "signals", "logs", "scenarios", "claims", "ports"],
  contract: ["openapi", "auth", "submit", "process", "status", "callback", "stages", "port"],
  scenario: ["title", "asks", "tags", "workload", "faults", "expect", "waives", "bounds"],
};

/** The kind with the most of its keys present; undefined when none has any, or two have as many. */
export function recognise(data: unknown): FileKind | undefined {
  if (isOpenApi(data)) return "contract";
  const present = new Set(entriesOf(data).map(([key]) => key));
  const kinds = Object.keys(KEYS) as FileKind[];
  const score = (kind: FileKind) => KEYS[kind].filter((key) => present.has(key)).length;
  const ranked = kinds.map((kind) => ({ kind, points: score(kind) })).sort((a, b) => b.points - a.points);
  const [first, second] = ranked;
  return first && first.points > (second?.points ?? 0) ? first.kind : undefined;
}

/** Documents of vendors are larger than anything that people write by hand. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** True for a file whose top says `openapi: 3.x` (or `swagger: 2.0`, which is refused with advice). */
export function isOpenApi(data: unknown): boolean {
  const version = lookup(data, ["openapi"]) ?? lookup(data, ["swagger"]);
  return /^\d+(\.\d+)*(-.*)?$/.test(String(version ?? ""));
}
