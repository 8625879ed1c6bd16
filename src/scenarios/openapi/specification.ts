// Holds a document against the OpenAPI specification, with the place of every mistake.
import type { Problem } from "../../lib/problem.ts";
import type { OpenApiDocument } from "./document.ts";
import { lineOwners } from "./json-lines.ts";

/** Rules of style: what breaks them can be imported all the same. */
const WARNINGS = {
  "array-without-items": "warning",
  "duplicate-non-request-body-parameters": "warning",
  "duplicate-operation-id": "warning",
  "non-optional-path-parameters": "warning",
  "path-parameters-not-in-parameters": "warning",
  "path-parameters-not-in-path": "warning",
} as const;

export async function checkAgainstSpecification({ data, problem }: OpenApiDocument): Promise<Problem[]> {
  // Loaded only here: the parser brings schemas of half a megabyte.
  const { validate } = await import("@readme/openapi-parser");
  const result = await validate(structuredClone(data) as never, {
    resolve: { external: false, file: false },
    dereference: { circular: "ignore" },
    timeoutMs: 10_000,
    validate: { rules: { openapi: WARNINGS } },
  });
  if (result.valid) return [];
  const owners = lineOwners(data);
  return result.errors.map(({ message }) => {
    // The parser quotes its own JSON rendering of the document; the marked line tells what is meant.
    const line = Number(/^> +(\d+) \|/m.exec(message)?.[1] ?? 0);
    const marked = /^ *\| +\^+ (.+?)!?$/m.exec(message)?.[1];
    const first = (message.split("\n", 1)[0] ?? message).replace(/^[A-Z_]+ /, "");
    return problem(
      owners[line] ?? [],
      `breaks the OpenAPI specification: ${first}`,
      marked?.startsWith("Did you mean")
        ? marked.replace(/^Did you mean (.+?) here\?$/, 'did you mean "$1"?')
        : undefined,
    );
  });
}
