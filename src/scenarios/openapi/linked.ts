// `openapi:` in a contract: what the document says, with everything that stands beside it taking precedence.
import { dirname, resolve } from "node:path";
import type { Result } from "../../lib/problem.ts";
import { lookup } from "../load/lookup.ts";
import { type Path, problemAt, type Source } from "../load/source.ts";
import { type Assumption, stillAssumed } from "./assumption.ts";
import { type Choices, importFile } from "./import.ts";
import { asMap, asText, type Json } from "./json.ts";

export interface LinkedContract {
  /** The file with the whole contract in place of the link; places that it does not have are those of the link. */
  source: Source;
  assumptions: Assumption[];
}

/** What stands beside the link, and what of it chooses operations. */
const PARTS = ["submit", "status", "callback"] as const;

/** The contract that a file links to at `base`. */
export async function followLink(source: Source, base: Path): Promise<Result<LinkedContract>> {
  const { openapi, key, ...beside } = asMap(lookup(source.data, base));
  const at = (path: Path, message: string, hint?: string): Result<LinkedContract> => ({
    ok: false,
    problems: [problemAt(source, [...base, ...path], message, { hint })],
  });
  if (typeof openapi !== "string") return at(["openapi"], "expected the path of an OpenAPI document");
  if (key !== undefined && typeof key !== "string")
    return at(["key"], "expected an expression such as body.reference");
  const choices: Choices = { ...choicesOf(beside), key: key ?? asText(asMap(beside.submit).key) };
  const imported = await importFile(resolve(dirname(source.file), openapi), choices);
  if (!imported.ok)
    return {
      ok: false,
      problems: imported.problems.map((problem) =>
        problem.line === undefined
          ? problemAt(source, [...base, "openapi"], `${openapi}: ${problem.message}`, { hint: problem.hint })
          : problem,
      ),
    };
  const overrides = overridesOf(beside);
  // Stages say themselves how long each of them takes.
  if (overrides.stages !== undefined)
    imported.value.contract.process = { ...asMap(imported.value.contract.process), takes: undefined };
  return {
    ok: true,
    value: {
      source: replaced(source, base, merge(imported.value.contract, overrides)),
      assumptions: stillAssumed(imported.value.assumptions, {
        ...overrides,
        ...(key !== undefined && { submit: { key } }),
      }),
    },
  };
}

/** A document by itself, as if a file linked to it. */
export async function importWhole(source: Source): Promise<Result<LinkedContract>> {
  const imported = await importFile(source.file, {});
  if (!imported.ok) return imported;
  const { contract, assumptions } = imported.value;
  return { ok: true, value: { source: replaced(source, [], contract), assumptions } };
}

/** `submit: createClaim` chooses; `submit: { operation: createClaim, … }` chooses and overrides. */
function choicesOf(beside: Json): Omit<Choices, "key"> {
  return Object.fromEntries(
    PARTS.map((part) => [part, asText(beside[part]) ?? asText(asMap(beside[part]).operation)]),
  );
}

function overridesOf(beside: Json): Json {
  const entries = Object.entries(beside).flatMap(([name, value]): [string, unknown][] => {
    if (!PARTS.some((part) => part === name)) return [[name, value]];
    if (typeof value === "string") return [];
    if (typeof value !== "object" || value === null) return [[name, value]];
    const { operation: _, ...rest } = asMap(value);
    return [[name, rest]];
  });
  return Object.fromEntries(entries);
}

/** Mappings of the contract's own are merged; what is one value to its reader (a template, a schema, shares) is replaced. */
const MERGED = new Set([
  "submit",
  "submit.reply",
  "process",
  "status",
  "status.reply",
  "callback",
  "callback.sign",
]);

function merge(base: Json, over: Json, above = ""): Json {
  const result: Json = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const path = above === "" ? name : `${above}.${name}`;
    const isMerged = MERGED.has(path) && typeof value === "object" && value !== null && !Array.isArray(value);
    if (value === null) delete result[name];
    else result[name] = isMerged ? merge(asMap(base[name]), asMap(value), path) : value;
  }
  return result;
}

function replaced(source: Source, base: Path, contract: Json): Source {
  const put = (value: unknown, [step, ...rest]: Path): unknown =>
    step === undefined
      ? contract
      : { ...asMap(value), [String(step)]: put(asMap(value)[String(step)], rest) };
  return { ...source, data: put(source.data, base) };
}
