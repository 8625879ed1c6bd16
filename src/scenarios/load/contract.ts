// partner.yaml → Contract: its shape, its expressions, and the JSON Schemas that it names.
import type { Problem, Result } from "../../lib/problem.ts";
import { type Contract, contractSchema } from "../../simulator/contract/contract.ts";
import { checkContractExpressions } from "./contract-names.ts";
import { loadJsonSchema } from "./json-schema.ts";
import { type Path, readSource, type Source } from "./source.ts";
import { validate } from "./validate.ts";

const NOT_YET = {
  stages: "`stages` are not in this version; describe the one stage that settles the work",
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
  const [request, result] = await Promise.all([
    loadJsonSchema(source, [...base, "submit", "schema"]),
    loadJsonSchema(source, [...base, "callback", "schema"]),
  ]);
  const problems: Problem[] = [
    ...(parsed.ok ? [] : parsed.problems),
    ...checkContractExpressions(source, base),
    ...[request, result].flatMap((schema) => (schema.ok ? [] : schema.problems)),
  ];
  if (!parsed.ok || !request.ok || !result.ok || problems.length > 0) return { ok: false, problems };
  return { ok: true, value: withSchemas(parsed.value, request.value, result.value) };
}

/** The parsed schemas in place of their paths. */
function withSchemas(contract: Contract, request: unknown, result: unknown): Contract {
  return {
    ...contract,
    ...(request !== undefined && { submit: { ...contract.submit, schema: request } }),
    ...(contract.callback && result !== undefined && { callback: { ...contract.callback, schema: result } }),
  } as Contract;
}
