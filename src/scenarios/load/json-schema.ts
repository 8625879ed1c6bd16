// `schema:` of a contract: a JSON Schema file (JSON or YAML) or an inline one, checked to be one before anything starts.
import { dirname, resolve } from "node:path";
import type { Problem, Result } from "../../lib/problem.ts";
import { lookup } from "./lookup.ts";
import { type Path, problemAt, readSource, type Source } from "./source.ts";

/** The schema at a path of a contract; undefined when there is none. */
export async function loadJsonSchema(source: Source, path: Path): Promise<Result<unknown>> {
  const given = lookup(source.data, path);
  if (given === undefined) return { ok: true, value: undefined };
  if (typeof given !== "string") return finish(given, await checkJsonSchema(given, source, path));
  const read = await readSource(resolve(dirname(source.file), given));
  if (read.ok) return finish(read.value.data, await checkJsonSchema(read.value.data, read.value, []));
  // A missing file is a mistake of the file that names it; mistakes inside it are its own.
  const problems = read.problems.map((problem) =>
    problem.line === undefined ? problemAt(source, path, `${given}: ${problem.message}`) : problem,
  );
  return { ok: false, problems };
}

function finish(value: unknown, problems: Problem[]): Result<unknown> {
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value };
}

/** Draft 2020-12 where `$schema` says so, draft-07 otherwise. */
export async function checkJsonSchema(schema: unknown, source: Source, base: Path): Promise<Problem[]> {
  if (typeof schema === "boolean") return [];
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) {
    return [problemAt(source, base, "is not a JSON Schema: expected a mapping")];
  }
  const dialect = String(lookup(schema, ["$schema"]) ?? "");
  // Loaded only here: ajv takes longer to load than everything else in this folder.
  const options = { strict: false, logger: false, validateFormats: false, allErrors: true } as const;
  const ajv = dialect.includes("2020-12")
    ? new (await import("ajv/dist/2020.js")).default.Ajv2020(options)
    : new (await import("ajv")).default.Ajv(options);
  try {
    if (!ajv.validateSchema(schema)) {
      // Several errors about one place are the branches of one rule; the first is the plainest.
      const errors = (ajv.errors ?? []).filter(
        ({ instancePath }, i, all) => all.findIndex((other) => other.instancePath === instancePath) === i,
      );
      return errors.map(({ instancePath, message, params }) => {
        const allowed: unknown = params.allowedValues;
        const words = Array.isArray(allowed) ? `: ${allowed.join(", ")}` : "";
        const text = `is not a JSON Schema: ${message ?? "invalid"}${words}`;
        return problemAt(source, [...base, ...fromPointer(instancePath)], text);
      });
    }
    ajv.compile(schema);
    return [];
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return [problemAt(source, base, `is not a usable JSON Schema: ${message}`)];
  }
}

/** RFC 6901. */
function fromPointer(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}
