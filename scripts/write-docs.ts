// npx tsx scripts/write-docs.ts: renews the generated parts of docs/*.md.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { renewRegions } from "./docs/regions.ts";
import { generatedTexts } from "./docs/texts.ts";

const folder = fileURLToPath(new URL("../docs/", import.meta.url));
const texts = await generatedTexts();
for (const name of readdirSync(folder).filter((file) => file.endsWith(".md"))) {
  const before = readFileSync(folder + name, "utf8");
  const after = renewRegions(before, texts);
  if (after !== before) writeFileSync(folder + name, after);
}
