// partner.yaml → Contract: its shape, its expressions, and the JSON Schemas that it names; or the same from OpenAPI.
import type { Problem, Result } from "../../lib/problem.ts";
import { type Contract, contractSchema } from "../../simulator/contract/contract.ts";
import type { Assumption } from "../openapi/assumption.ts";
import { checkContractExpressions } from "./contract-names.ts";
import { checkStages } from "./contract-stages.ts";
import { loadJsonSchema } from "./json-schema.ts";
import { lookup } from "./lookup.ts";
import { isOpenApi, MAX_DOCUMENT_BYTES } from "./recognise.ts";
import { type Path, readSource, type Source } from "./source.ts";
import { validate } from "./validate.ts";

export interface LoadedContract {
  contract: Contract;
  /** What an OpenAPI document left open; empty for a contract that stands in our own form. */
  assumptions: readonly Assumption[];
}

/** Reads partner.yaml or an OpenAPI document, and the files that it names. All mistakes at once. */
export async function loadContract(path: string): Promise<Result<Contract>> {
  return contractAlone(await loadContractWithAssumptions(path));
}

/** The same, with what had to be assumed. */
export async function loadContractWithAssumptions(path: string): Promise<Result<LoadedContract>> {
  const source = await readSource(path, { maxBytes: MAX_DOCUMENT_BYTES });
  return source.ok ? loadContractAt(source.value, []) : source;
}

/** The contract at a path of a file; `schema:` and `openapi:` paths count from that file. */
export async function loadInlineContract(source: Source, base: Path): Promise<Result<Contract>> {
  return contractAlone(await loadContractAt(source, base));
}

/** The same, with what had to be assumed. */
export async function loadContractAt(source: Source, base: Path): Promise<Result<LoadedContract>> {
  const given = lookup(source.data, base);
  if (!isLink(given)) return withAssumptions(await loadWhole(source, base), []);
  // Loaded only here: most contracts stand in our own form, and a served partner is to be ready at once.
  const { followLink, importWhole } = await import("../openapi/linked.ts");
  const linked = isOpenApi(given) ? await importWhole(source) : await followLink(source, base);
  if (!linked.ok) return linked;
  return withAssumptions(await loadWhole(linked.value.source, base), linked.value.assumptions);
}

function isLink(value: unknown): boolean {
  return isOpenApi(value) || lookup(value, ["openapi"]) !== undefined;
}

function contractAlone(loaded: Result<LoadedContract>): Result<Contract> {
  return loaded.ok ? { ok: true, value: loaded.value.contract } : loaded;
}

function withAssumptions(
  loaded: Result<Contract>,
  assumptions: readonly Assumption[],
): Result<LoadedContract> {
  return loaded.ok ? { ok: true, value: { contract: loaded.value, assumptions } } : loaded;
}

async function loadWhole(source: Source, base: Path): Promise<Result<Contract>> {
  const parsed = validate(contractSchema, { source, base });
  const [request, result, ...reports] = await Promise.all([
    loadJsonSchema(source, [...base, "submit", "schema"]),
    loadJsonSchema(source, [...base, "callback", "schema"]),
    ...stagesOf(source, base).map((_, i) =>
      loadJsonSchema(source, [...base, "stages", i, "callback", "schema"]),
    ),
  ]);
  const problems: Problem[] = [
    ...(parsed.ok ? [] : parsed.problems),
    ...checkContractExpressions(source, base),
    ...checkStages(source, base),
    ...[request, result, ...reports].flatMap((schema) => (schema.ok ? [] : schema.problems)),
  ];
  if (!parsed.ok || !request.ok || !result.ok || problems.length > 0) return { ok: false, problems };
  const stages = reports.map((schema) => (schema.ok ? schema.value : undefined));
  return {
    ok: true,
    value: withSchemas(parsed.value, { request: request.value, result: result.value, stages }),
  };
}

function stagesOf(source: Source, base: Path): unknown[] {
  const stages = lookup(source.data, [...base, "stages"]);
  return Array.isArray(stages) ? stages : [];
}

interface Schemas {
  request: unknown;
  result: unknown;
  /** One for each stage. */
  stages: readonly unknown[];
}

/** The parsed schemas in place of their paths. */
function withSchemas(contract: Contract, { request, result, stages }: Schemas): Contract {
  return {
    ...contract,
    ...(request !== undefined && { submit: { ...contract.submit, schema: request } }),
    ...(contract.callback && result !== undefined && { callback: { ...contract.callback, schema: result } }),
    ...(contract.stages && {
      stages: contract.stages.map((stage, i) =>
        stages[i] === undefined ? stage : { ...stage, callback: { ...stage.callback, schema: stages[i] } },
      ),
    }),
  } as Contract;
}
