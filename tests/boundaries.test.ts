// The import directions of docs/architecture.md, checked by machine.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../src", import.meta.url));

/** Room → rooms that it may import. Everyone may import lib and history; the judge is a room of its own. */
const ALLOWED: Record<string, string[]> = {
  lib: [],
  history: ["lib"],
  simulator: ["lib", "history"],
  scenarios: ["lib", "history", "simulator"],
  "runner/judge": ["lib", "history"],
  runner: ["lib", "history", "simulator", "scenarios", "runner/judge"],
  reports: ["lib", "history"],
  cli: ["lib", "history", "simulator", "scenarios", "runner", "runner/judge", "reports"],
};

/** scenarios may see the fault and contract schemas, not the running partner. */
const SCENARIOS_MAY_IMPORT = [
  /^simulator\/contract\//,
  /^simulator\/faults\//,
  /^simulator\/plan\/schedule\.ts$/,
];

/** Package → rooms that may import it. */
const FENCES: Record<string, string[]> = {
  yargs: ["cli"],
  yaml: ["scenarios"],
  jsonata: ["lib"],
  "@faker-js/faker": ["lib"],
  hono: ["runner", "simulator"],
  undici: ["runner", "simulator"],
  ajv: ["simulator", "scenarios"],
};

interface Import {
  file: string;
  room: string;
  target: string;
}

describe("import directions", () => {
  const imports = sourceFiles(root).flatMap(importsOf);

  it("finds imports to check", () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it("go only where the architecture allows", () => {
    const wrong = imports
      .filter(({ target }) => target.startsWith("."))
      .map((found) => ({ ...found, target: relative(root, join(root, dirname(found.file), found.target)) }))
      .filter(({ room, target }) => {
        const to = roomOf(target);
        if (room === "index.ts" || to === room) return false;
        if (room === "scenarios" && to === "simulator")
          return !SCENARIOS_MAY_IMPORT.some((allowed) => allowed.test(target));
        return !ALLOWED[room]?.includes(to);
      });
    expect(wrong).toEqual([]);
  });

  it("keep third-party packages in their rooms", () => {
    const wrong = imports.filter(({ target, room }) => {
      const name = target.startsWith("@")
        ? target.split("/").slice(0, 2).join("/")
        : (target.split("/")[0] ?? "");
      const rooms = FENCES[name];
      return rooms !== undefined && !rooms.includes(room);
    });
    expect(wrong).toEqual([]);
  });
});

function roomOf(file: string): string {
  const [first = "", second] = file.split(sep);
  return first === "runner" && second === "judge" ? "runner/judge" : first;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => join(folder, file));
}

function importsOf(path: string): Import[] {
  const file = relative(root, path);
  const source = readFileSync(path, "utf8");
  const pattern =
    /(?:^|\n)(?:import|export)\s(?:[^;"'=()]*?from\s*)?["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/g;
  return [...source.matchAll(pattern)].map((match) => ({
    file,
    room: roomOf(file),
    target: match[1] ?? match[2] ?? "",
  }));
}
