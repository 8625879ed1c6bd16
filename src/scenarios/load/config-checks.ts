// What the parts of neverfails.yaml say about one another and about the world: outcomes, files, names.
import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Problem } from "../../lib/problem.ts";
import type { Contract } from "../../simulator/contract/contract.ts";
import { SHIPPED } from "./catalogue.ts";
import { checkClaims } from "./claims.ts";
import { didYouMean } from "./issues.ts";
import { entriesOf, lookup } from "./lookup.ts";
import { problemAt, type Source } from "./source.ts";
import { splitCommand } from "./words.ts";

/** Runs on unchecked data, beside the mistakes of shape. `contract` is absent when it has mistakes of its own. */
export function checkConfig(source: Source, contract: Contract | undefined): Problem[] {
  return [
    ...checkSystem(source),
    ...(contract ? checkOutcomes(source, contract) : []),
    ...checkChannelNames(source),
    ...checkMetrics(source),
    ...checkFiles(source),
    ...checkClaims(lookup(source.data, ["claims"]), source, ["claims"]),
  ];
}

function checkSystem(source: Source): Problem[] {
  const { data } = source;
  const problems: Problem[] = [];
  const command = lookup(data, ["system", "command"]);
  const words = typeof command === "string" ? splitCommand(command) : undefined;
  if (typeof command === "string" && (words === undefined || words.length === 0)) {
    const message = words === undefined ? "a quote is never closed" : "is empty";
    problems.push(problemAt(source, ["system", "command"], message));
  }
  const shell = words?.find((word) => /^(\||\|\||&&|;|>|>>|<|&|2>&1)$/.test(word));
  if (shell !== undefined) {
    const hint = `put it into a script, or write: [sh, -c, "…"]`;
    problems.push(
      problemAt(source, ["system", "command"], `"${shell}" needs a shell, and none is used`, { hint }),
    );
  }
  const url = lookup(data, ["system", "url"]);
  if (typeof url === "string" && !isHttpUrl(url)) {
    problems.push(
      problemAt(source, ["system", "url"], `expected an http:// or https:// address, got "${url}"`),
    );
  }
  const cwd = lookup(data, ["system", "cwd"]);
  if (typeof cwd === "string" && !isFolder(resolve(dirname(source.file), cwd))) {
    problems.push(problemAt(source, ["system", "cwd"], `there is no folder "${cwd}"`));
  }
  return [...problems, ...(command === undefined ? checkAttached(source) : [])];
}

/** A system that runs already is only looked at: it cannot be started, configured, stopped or read. */
function checkAttached(source: Source): Problem[] {
  const { data } = source;
  const system = lookup(data, ["system"]);
  if (typeof system !== "object" || system === null) return [];
  const problems: Problem[] = [];
  if (lookup(system, ["url"]) === undefined) {
    const message = "says neither `command` (to start the system) nor `url` (to use a running one)";
    problems.push(problemAt(source, ["system"], message, { part: "key" }));
  }
  for (const key of ["cwd", "env", "stop"]) {
    if (lookup(system, [key]) === undefined) continue;
    problems.push(
      problemAt(source, ["system", key], "is only possible together with `command`", { part: "key" }),
    );
  }
  if (lookup(system, ["isolation"]) === "scenario") {
    const message =
      "a running system cannot be started anew for each scenario; without `command` it is `suite`";
    problems.push(problemAt(source, ["system", "isolation"], message));
  }
  if (lookup(data, ["logs"]) !== undefined && lookup(data, ["logs", "from"]) !== "none") {
    const message = "the output of a system that runs already cannot be read; it needs `system.command`";
    problems.push(problemAt(source, ["logs"], message, { part: "key" }));
  }
  return problems;
}

/** A text with expressions is judged by what stands before the first one. */
function isHttpUrl(url: string): boolean {
  const fixed = url.split("{{")[0] ?? "";
  if (fixed !== url) return fixed === "" || /^https?:\/\//.test(fixed);
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** `means` and `expectedEffects` speak of the partner's outcomes; `rejected` exists for every partner. */
function checkOutcomes(source: Source, contract: Contract): Problem[] {
  const inspect = ["workflow", "inspect"];
  const outcomes = [...contract.process.outcomes.map(([outcome]) => outcome), "rejected"];
  const problems: Problem[] = [];
  const means = entriesOf(lookup(source.data, [...inspect, "means"]));
  for (const [state, word] of means) {
    const words = ["pending", "attention", ...outcomes];
    if (typeof word !== "string" || words.includes(word)) continue;
    const message = `expected one of ${words.join(", ")}, got "${word}"`;
    problems.push(
      problemAt(source, [...inspect, "means", state], message, { hint: didYouMean(word, words) }),
    );
  }
  const meant = means.map(([, word]) => word);
  for (const [outcome, weight] of contract.process.outcomes) {
    if (problems.length > 0 || means.length === 0 || weight === 0 || meant.includes(outcome)) continue;
    const message = `no state means "${outcome}", an outcome of the partner: such work could never be seen as settled`;
    problems.push(problemAt(source, [...inspect, "means"], message, { part: "key" }));
  }
  for (const [outcome] of entriesOf(lookup(source.data, [...inspect, "expectedEffects"]))) {
    if (outcomes.includes(outcome)) continue;
    const hint = didYouMean(outcome, outcomes) ?? `known: ${outcomes.join(", ")}`;
    const message = `the partner has no outcome "${outcome}"`;
    problems.push(
      problemAt(source, [...inspect, "expectedEffects", outcome], message, { hint, part: "key" }),
    );
  }
  return problems;
}

/** A channel's name stands in expressions (`alerts.claimsOps.url`), so it must be a plain word. */
function checkChannelNames(source: Source): Problem[] {
  return entriesOf(lookup(source.data, ["alerts"])).flatMap(([name]) => {
    if (/^[A-Za-z_]\w*$/.test(name)) return [];
    const hint = `write it as ${name.replace(/\W+(\w?)/g, (_, next: string) => next.toUpperCase()) || "opsChannel"}`;
    const message = `"${name}" cannot stand in an expression such as {{ alerts.name.url }}: letters, digits and _ only`;
    return [problemAt(source, ["alerts", name], message, { hint, part: "key" })];
  });
}

const METRIC = /^[A-Za-z_:][\w:]*\s*(\{\s*(\w+\s*=\s*"(?:[^"\\]|\\.)*"\s*(,\s*(?=[\w}])|(?=\})))*\})?$/;

function checkMetrics(source: Source): Problem[] {
  return entriesOf(lookup(source.data, ["signals"])).flatMap(([name]) => {
    const path = ["signals", name, "metric"];
    const metric = lookup(source.data, path);
    if (typeof metric !== "string" || METRIC.test(metric.trim())) return [];
    return [problemAt(source, path, `expected a metric such as claims_stuck{queue="a"}, got "${metric}"`)];
  });
}

function checkFiles(source: Source): Problem[] {
  const dir = dirname(source.file);
  const problems: Problem[] = [];
  const fallback = lookup(source.data, ["workflow", "fallback"]);
  const looksLikeFile =
    typeof fallback === "string" && /^[\w./-]+\.(md|txt|html|pdf|adoc|rst)$/i.test(fallback);
  if (looksLikeFile && !exists(resolve(dir, fallback))) {
    problems.push(problemAt(source, ["workflow", "fallback"], `there is no file "${fallback}"`));
  }
  const given = lookup(source.data, ["scenarios"]);
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  for (const [i, item] of list.entries()) {
    if (typeof item !== "string" || item === SHIPPED || exists(resolve(dir, item))) continue;
    const path = Array.isArray(given) ? ["scenarios", i] : ["scenarios"];
    const hint = didYouMean(item, [SHIPPED]);
    problems.push(problemAt(source, path, `there is no file or folder "${item}"`, { hint }));
  }
  return problems;
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
