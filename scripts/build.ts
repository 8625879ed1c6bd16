// `npm run build`: dist/ as it is published. Few large files in place of many small ones: a partner that is served is
// ready in two thirds of the time.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { packageRoot } from "../src/lib/package-info.ts";
import { BUNDLE } from "./build/bundle.ts";
import { licencesOf } from "./build/licences.ts";

const dist = join(packageRoot, "dist");
await rm(dist, { recursive: true, force: true });
const { metafile } = await build({
  ...BUNDLE,
  entryPoints: ["src/cli/main.ts", "src/index.ts", "src/runner/system/guard-process.ts"],
  outbase: "src",
  outdir: dist,
  chunkNames: "chunks/[name]-[hash]",
  sourcemap: true,
  metafile: true,
});
await writeFile(join(dist, "THIRD-PARTY-LICENSES.txt"), await licencesOf(Object.keys(metafile.inputs)));
