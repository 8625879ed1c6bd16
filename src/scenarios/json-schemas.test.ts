import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../lib/package-info.ts";
import { jsonSchemaFiles } from "./json-schemas.ts";
import { findScenarioFiles, type ScenarioFile } from "./load/catalogue.ts";
import { readSource } from "./load/source.ts";

describe("the JSON Schemas for editors", () => {
  it.each([...jsonSchemaFiles()])("are up to date: schemas/%s (run: npm run schemas)", async (name, text) => {
    const written = await readFile(join(packageRoot, "schemas", name), "utf8");
    expect(written === text, `schemas/${name} is stale; run: npm run schemas`).toBe(true);
  });

  it.each([...jsonSchemaFiles()])("compile and refuse nonsense: %s", (_, text) => {
    const check = new Ajv({ strict: false }).compile(JSON.parse(text));
    expect(check({ nonsense: true })).toBe(false);
  });
});

describe("every shipped scenario", () => {
  let files: ScenarioFile[] = [];
  let check: ValidateFunction;
  beforeAll(async () => {
    const found = await findScenarioFiles(["shipped"]);
    files = found.ok ? found.value : [];
    check = new Ajv({ strict: false }).compile(
      JSON.parse(jsonSchemaFiles().get("scenario.schema.json") ?? "{}"),
    );
  });

  it("is valid by the JSON Schema that it names in its first line", async () => {
    expect(files.length).toBeGreaterThanOrEqual(24);
    for (const { file, id } of files) {
      const [first = ""] = (await readFile(file, "utf8")).split("\n");
      const schema = /^# yaml-language-server: \$schema=(\S+)$/.exec(first)?.[1];
      expect(resolve(dirname(file), schema ?? ""), id).toBe(
        join(packageRoot, "schemas", "scenario.schema.json"),
      );
      const source = await readSource(file);
      expect(source.ok && check(source.value.data), `${id}: ${JSON.stringify(check.errors)}`).toBe(true);
    }
  });
});
