// How the sources become JavaScript that node runs: for dist/, and for what the bench measures.
import type { BuildOptions } from "esbuild";
import { packageRoot } from "../../src/lib/package-info.ts";

/** Loaded only where they are needed, or binary: these stay packages of their own. */
const APART = [
  "@faker-js/faker",
  "@readme/openapi-parser",
  "jsonata",
  "libsql",
  "postal-mime",
  "selfsigned",
  "smtp-server",
  "undici",
];

/** Packages in CommonJS, such as ajv, ask for what node brings along by `require`. */
const REQUIRE = `import { createRequire as requireFor } from "node:module"; const require = requireFor(import.meta.url);`;

export const BUNDLE = {
  absWorkingDir: packageRoot,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  external: APART,
  banner: { js: REQUIRE },
  logLevel: "warning",
} as const satisfies BuildOptions;
