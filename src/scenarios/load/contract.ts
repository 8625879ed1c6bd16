// partner.yaml → Contract: its shape, its expressions, and the JSON Schemas that it names.
import type { Problem, Result } from "../../lib/problem.ts";
import { type Contract, contractSchema } from "../../simulator/contract/contract.ts";
import { checkContractExpressions } from "./contract-names.ts";
import { checkStages } from "./contract-stages.ts";
import { loadJsonSchema } from "./json-schema.ts";
import { lookup } from "./lookup.ts";
import { type Path, readSource, type Source } from "./source.ts";
import { validate } from "./validate.ts";

const NOT_YET = {
  openapi: "a contract from OpenAPI is not in this version; write partner.yaml",
};

/** Reads partner.yaml and the schemas that it names. All mistakes at once. */
export async function loadContract(path: string): Promise<Result<Contract>> {
  const source = await readSource(path);
  return source.ok ? loadInlineContract(source.value, []) : source;
}

/** The contract at a path of a file; `schema:` paths count from that file. */
export async function loadInlineContract(source: Source, base: Path): Promise<Result<Contract>> {
  const parsed = validate(contractSchema, { source, base, notYet: NOT_YET });
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
