// `npm run schemas`: writes schemas/*.json.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../lib/package-info.ts";
import { jsonSchemaFiles } from "./json-schemas.ts";

const folder = join(packageRoot, "schemas");
await mkdir(folder, { recursive: true });
for (const [name, text] of jsonSchemaFiles()) await writeFile(join(folder, name), text);
