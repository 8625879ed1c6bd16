// neverfails init: what it writes is checked and run as it is.
import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cli, projectRoot } from "../support/cli.ts";
import { folderWith } from "../support/files.ts";

const documents = join(projectRoot, "tests/openapi");

describe("neverfails init", () => {
  it.each([
    ["nothing", undefined, () => {}],
    [
      "a document with callbacks",
      "payments.yaml",
      (folder: string) => copyFileSync(join(documents, "payments.yaml"), join(folder, "payments.yaml")),
    ],
    [
      "a document of several files with webhooks",
      "claims/openapi.yaml",
      (folder: string) => cpSync(join(documents, "claims"), join(folder, "claims"), { recursive: true }),
    ],
    [
      "a large document with a literal callback address",
      "background-checks.yaml",
      (folder: string) =>
        copyFileSync(join(documents, "background-checks.yaml"), join(folder, "background-checks.yaml")),
    ],
    [
      "a document with everything that is awkward",
      "awkward.yaml",
      (folder: string) => copyFileSync(join(documents, "awkward.yaml"), join(folder, "awkward.yaml")),
    ],
  ])("writes a starter from %s that is valid and passes", async (_, document, prepare) => {
    const cwd = folderWith({});
    prepare(cwd);
    const made = await cli(["init", ...(document === undefined ? [] : ["--openapi", document])], { cwd });
    expect(made.stderr).toBe("");
    expect(made.code).toBe(0);
    expect(readFileSync(join(cwd, "partner.yaml"), "utf8")).toMatch(/^# yaml-language-server: /);
    const checked = await cli(["check"], { cwd });
    expect(checked.stderr).toBe("");
    expect(checked.code).toBe(0);
    const run = await cli(["run"], { cwd });
    expect(run.stdout + run.stderr).toMatch(/4 passed|4 scenarios/);
    expect(run.code).toBe(0);
  });

  it("tells what a document leaves open, and so does check", async () => {
    const cwd = folderWith({});
    copyFileSync(join(documents, "payments.yaml"), join(cwd, "acme.yaml"));
    const made = await cli(["init", "--openapi", "acme.yaml"], { cwd });
    expect(made.stdout).toMatch(
      /assumed, because.*\n.*submit\.key: body\.merchantReference {2}\(its name says so/,
    );
    expect(readFileSync(join(cwd, "partner.yaml"), "utf8")).toMatch(
      /# assumed: the document does not say how long/,
    );
    const checked = await cli(["check", "acme.yaml"], { cwd });
    expect(checked.stdout).toMatch(/ok {2}acme\.yaml \(contract\)\n.*assumed/);
    expect(checked.code).toBe(0);
  });

  it("overwrites nothing, unless it is told to", async () => {
    const cwd = folderWith({
      "partner.yaml": "name: mine\n",
      "scenarios/steady-state.yaml": "title: mine\n",
    });
    const refused = await cli(["init"], { cwd });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /partner\.yaml {2}exists already; --force overwrites it\nscenarios\/steady-state\.yaml/,
    );
    expect(readdirSync(cwd).toSorted()).toEqual(["partner.yaml", "scenarios"]);
    expect((await cli(["init", "--force"], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, "partner.yaml"), "utf8")).not.toMatch(/mine/);
  });

  it("writes into another folder, and nothing for a document with mistakes", async () => {
    const cwd = folderWith({ "acme.yaml": "openapi: 3.0.3\ninfo: { title: A, version: '1' }\npaths: {}\n" });
    const refused = await cli(["init", "--openapi", "acme.yaml", "--dir", "out"], { cwd });
    expect(refused.stderr).toMatch(/acme\.yaml:3:\d+ {2}paths: has no POST operation/);
    expect(refused.code).toBe(2);
    expect(existsSync(join(cwd, "out"))).toBe(false);
    expect((await cli(["init", "--dir", "out"], { cwd })).code).toBe(0);
    expect((await cli(["check", "--config", "out/neverfails.yaml"], { cwd })).code).toBe(0);
  });
});
