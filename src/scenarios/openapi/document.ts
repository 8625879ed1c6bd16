// An OpenAPI document in memory: every file that it refers to in one tree, its references followed, its places known.
import type { Problem, Result } from "../../lib/problem.ts";
import { MAX_DOCUMENT_BYTES } from "../load/recognise.ts";
import { type Path, problemAt, readSource, type Source } from "../load/source.ts";
import { bundle, FILES } from "./bundle.ts";
import { follow } from "./follow.ts";
import { asMap, type Json } from "./json.ts";
import { checkAgainstSpecification } from "./specification.ts";

export interface OpenApiDocument {
  source: Source;
  version: "3.0" | "3.1";
  /** Other files stand below `x-neverfails-files`; every `$ref` points into this tree. */
  data: Json;
  /** What a value stands for once its references are followed; undefined for a circle of references. */
  resolve(value: unknown): unknown;
  problem(path: Path, message: string, hint?: string): Problem;
}

/** Reads a document and the files that it refers to, and holds it against the specification. All mistakes at once. */
export async function readDocument(file: string): Promise<Result<OpenApiDocument>> {
  const read = await readSource(file, { maxBytes: MAX_DOCUMENT_BYTES });
  return read.ok ? openDocument(read.value) : read;
}

async function openDocument(source: Source): Promise<Result<OpenApiDocument>> {
  const refusal = checkVersion(source);
  if (refusal) return { ok: false, problems: [refusal] };
  const bundled = await bundle(source);
  if (!bundled.ok) return bundled;
  const { data, files } = bundled.value;
  const document: OpenApiDocument = {
    source,
    version: String(data.openapi).startsWith("3.0") ? "3.0" : "3.1",
    data,
    resolve: (value) => follow(data, value),
    problem(path, message, hint) {
      const isElsewhere = path[0] === FILES;
      const at = isElsewhere ? files[Number(path[1])] : undefined;
      return problemAt(at ?? source, at ? path.slice(2) : path, message, { hint });
    },
  };
  const problems = await checkAgainstSpecification(document);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: document };
}

function checkVersion(source: Source): Problem | undefined {
  const { openapi, swagger } = asMap(source.data);
  const at = (key: string, message: string, hint: string) => problemAt(source, [key], message, { hint });
  if (swagger !== undefined && openapi === undefined) {
    const hint = "convert it to OpenAPI 3 first: https://converter.swagger.io does it";
    return at("swagger", `Swagger ${String(swagger)} is not understood`, hint);
  }
  const version = String(openapi ?? "");
  if (/^3\.[01](\.\d+)?(-.*)?$/.test(version)) return undefined;
  if (openapi === undefined) return at("openapi", "is no OpenAPI document", "it begins with openapi: 3.1.0");
  return at("openapi", `OpenAPI ${version} is not understood`, "3.0 and 3.1 are");
}
