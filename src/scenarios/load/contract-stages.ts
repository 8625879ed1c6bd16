// What a contract's stages say beside the rest of it.
import type { Problem } from "../../lib/problem.ts";
import { lookup } from "./lookup.ts";
import { type Path, problemAt, type Source } from "./source.ts";

/** Runs on unchecked data, beside the mistakes of shape. `base`: where the contract stands in the file. */
export function checkStages(source: Source, base: Path): Problem[] {
  const at = (...path: Path) => [...base, ...path];
  const stages = lookup(source.data, at("stages"));
  if (!Array.isArray(stages)) return [];
  const problems: Problem[] = [];
  if (lookup(source.data, at("process", "takes")) !== undefined) {
    const message = "the stages say how long each of them takes; leave it out";
    problems.push(problemAt(source, at("process", "takes"), message, { part: "key" }));
  }
  if (lookup(source.data, at("callback")) !== undefined) return problems;
  const reported = stages.findIndex((_, i) => lookup(source.data, at("stages", i, "callback")) !== undefined);
  if (reported === -1) return problems;
  const message = "a partner without `callback` reports nothing";
  const hint = "add callback: with `to` and `json`";
  return [...problems, problemAt(source, at("stages", reported, "callback"), message, { hint, part: "key" })];
}
