import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { INVARIANT_IDS } from "../history/verdict.ts";
import { packageRoot } from "../lib/package-info.ts";
import { FAULT_NAMES } from "../simulator/faults/index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "neverfails-cli-"));
  await writeFile(join(folder, "neverfails.yaml"), CONFIG);
  await writeFile(join(folder, "partner.yaml"), PARTNER);
  await writeFile(join(folder, "good.yaml"), "title: fine\n");
  await writeFile(join(folder, "bad.yaml"), "title: bad\nfaults:\n  - fault: callback.mising\n");
  await writeFile(join(folder, "other.yaml"), "shopping: [milk]\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const CONFIG = `system: { url: "http://127.0.0.1:3000" }
partner: partner.yaml
workflow: { start: { post: /claims } }
`;
const PARTNER = `name: Acme
submit: { post: /v1/claims, key: body.reference }
process: { outcomes: { approved: 90%, denied: 10% } }
`;

const source = (path: string) => JSON.stringify(pathToFileURL(join(packageRoot, path)).href);
// The two commands alone, as a real process: the whole program is tried by the end-to-end tests.
const PROGRAM = `
import yargs from ${JSON.stringify(pathToFileURL(join(packageRoot, "node_modules/yargs/index.mjs")).href)};
import { checkCommand } from ${source("src/cli/check.ts")};
import { listCommand } from ${source("src/cli/list.ts")};
await yargs(process.argv.slice(1)).command(checkCommand).command(listCommand).strict().parseAsync();
`;
const tsx = pathToFileURL(join(packageRoot, "node_modules/tsx/dist/esm/index.mjs")).href;

function neverfails(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const node = ["--import", tsx, "--input-type=module", "--eval", PROGRAM, "--", ...args];
    execFile(process.execPath, node, { cwd: folder, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

// Each test starts real processes, which take seconds on a busy machine.
describe("neverfails check", { timeout: 60_000 }, () => {
  it("says which files are good and exits 0", async () => {
    const { code, stdout, stderr } = await neverfails("check");
    expect(stderr).toBe("");
    expect(stdout).toMatch(/ok {2}neverfails\.yaml/);
    expect(stdout).toMatch(/ok {2}partner\.yaml \(partner "Acme"\)/);
    expect(stdout).toMatch(/ok {2}\d+ scenarios/);
    expect(code).toBe(0);
  });

  it("recognises files by their shape, puts mistakes on stderr, and exits 2", async () => {
    const { code, stdout, stderr } = await neverfails(
      "check",
      "good.yaml",
      "bad.yaml",
      "partner.yaml",
      "other.yaml",
      "none.yaml",
    );
    expect(stdout.trim().split("\n")).toEqual(["ok  good.yaml (scenario)", "ok  partner.yaml (contract)"]);
    expect(stderr).toContain("bad.yaml:3:12  faults[0].fault:");
    expect(stderr).toContain('did you mean "callback.missing"?');
    expect(stderr).toContain("bad.yaml:2:1  faults: faults without an expectation");
    expect(stderr).toContain("other.yaml  is none of ours");
    expect(stderr).toContain("none.yaml  there is no such file");
    expect(code).toBe(2);
  });
});

describe("neverfails list", { timeout: 60_000 }, () => {
  it("shows the scenarios under their questions", async () => {
    const { code, stdout } = await neverfails("list");
    const lines = stdout.split("\n");
    const heading = lines.indexOf("What happens if it never reports the result?");
    expect(lines[heading + 1]).toMatch(/^ {2}never-reports\/\S+ +\S/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(code).toBe(0);
  });

  it("prints JSON alone when asked", async () => {
    const scenarios = JSON.parse((await neverfails("list", "scenarios", "--json")).stdout);
    expect(scenarios[0]).toMatchObject({ id: "steady-state", faults: [] });
    const faults = JSON.parse((await neverfails("list", "faults", "--json")).stdout);
    expect(faults.map(({ name }: { name: string }) => name)).toEqual(FAULT_NAMES);
    expect(
      faults.find(({ name }: { name: string }) => name === "callback.duplicate").settings,
    ).toContainEqual(expect.objectContaining({ name: "copies", default: 2 }));
    const invariants = JSON.parse((await neverfails("list", "invariants", "--json")).stdout);
    expect(invariants.map(({ id }: { id: string }) => id).sort()).toEqual([...INVARIANT_IDS].sort());
  });

  it("shows every fault and every invariant with what it means", async () => {
    const faults = (await neverfails("list", "faults")).stdout;
    for (const name of FAULT_NAMES) expect(faults).toContain(`${name} `);
    const invariants = (await neverfails("list", "invariants")).stdout;
    for (const id of INVARIANT_IDS) expect(invariants).toContain(id);
  });
});
