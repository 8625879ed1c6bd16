// Console blocks of the documentation: run as they stand, and their output held loosely against what is shown.
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../src/lib/ports.ts";
import { until } from "../../src/lib/wait.ts";
import { projectRoot, type RunningCli, startCli } from "../support/cli.ts";
import type { Page } from "./pages.ts";

export interface Step {
  command: string;
  /** Lines that are shown below it; `…` stands for anything. */
  shown: string[];
}

/** `$ command` lines, each with the lines up to the next one. */
export function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  for (const line of text.trimEnd().split("\n")) {
    const last = steps.at(-1);
    if (line.startsWith("$ ")) steps.push({ command: line.slice(2), shown: [] });
    else if (last && line.endsWith("\\") === false && last.command.endsWith("\\"))
      last.command = `${last.command.slice(0, -1)} ${line.trim()}`;
    else last?.shown.push(line);
  }
  return steps;
}

/** Shown lines that the output does not hold. Numbers, random tags and spacing may differ. */
export function missingLines(shown: readonly string[], output: string): string[] {
  const actual = output.replaceAll(/\s+/g, " ");
  return shown.filter((line) => !/^[\s…]*$/.test(line) && !patternOf(line).test(actual));
}

const TAGS = [
  // Times carry a unit that depends on their size; "at once" is a time too.
  { find: /\d+(?:\.\d+)? (?:ms|s|min)\b|\bat once\b/, allow: "(?:\\d+(?:\\.\\d+)? (?:ms|s|min)|at once)" },
  { find: /[A-Z]{3}-[a-z0-9]{4}-[BP]?\d{3}/, allow: "[A-Z]{3}-[a-z0-9]{4}-[BP]?\\d{3}" },
  { find: /\d{8}-\d{6}-[0-9a-f]{4}/, allow: "\\d{8}-\\d{6}-[0-9a-f]{4}" },
  { find: /whsec_\S+/, allow: "whsec_\\S+" },
  { find: /\d+(?:\.\d+)?/, allow: "\\d+(?:\\.\\d+)?" },
  { find: /…/, allow: ".*?" },
  { find: /\s+/, allow: " " },
];
const ANY_TAG = new RegExp(TAGS.map(({ find }) => `(${find.source})`).join("|"), "g");

function patternOf(line: string): RegExp {
  const text = line.trim();
  let pattern = "";
  let end = 0;
  for (const match of text.matchAll(ANY_TAG)) {
    const tag = TAGS[match.slice(1).findIndex((group) => group !== undefined)];
    pattern += literally(text.slice(end, match.index)) + (tag?.allow ?? "");
    end = match.index + match[0].length;
  }
  return new RegExp(pattern + literally(text.slice(end)));
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** Blocks that are named like this stand in the shop's folder as files of that name. */
const SCRIPT = /^[\w-]+\.py$/;

export interface Played {
  command: string;
  missing: string[];
  output: string;
}

/** Runs every console block of a page, in order; `shop` is the folder of README.md's example. */
export async function playPage(page: Page, shop: string): Promise<Played[]> {
  const played: Played[] = [];
  const ports = { "4000": String(await freePort()), "4001": String(await freePort()) };
  // What a page calls port 4000 or 4001 is any free one here.
  const localise = (text: string) =>
    text.replaceAll(/\b400[01]\b/g, (port) => ports[port as keyof typeof ports]);
  for (const { about, text } of page.fences)
    if (SCRIPT.test(about)) writeFileSync(join(shop, about), localise(text));
  const path = `${commandFolder()}:${process.env.PATH ?? ""}`;
  let server: RunningCli | undefined;
  try {
    for (const { language, about, text } of page.fences) {
      if (language !== "console") continue;
      const cwd = about === "shop" ? shop : projectRoot;
      const local = localise(text);
      if (about === "served") {
        const shown = local.trimEnd().split("\n");
        const output = () => server?.stdout() ?? "";
        await until(() => missingLines(shown, output()).length === 0, { withinMs: 10_000 });
        played.push({ command: "(served)", missing: missingLines(shown, output()), output: output() });
        continue;
      }
      for (const { command, shown } of stepsOf(local)) {
        const serving = /^neverfails (serve .*)$/.exec(command)?.[1];
        let output: string;
        if (serving) {
          server = startCli(serving.split(" "), { cwd });
          await until(() => /Ctrl-C/.test(server?.stdout() ?? ""), { withinMs: 20_000 });
          output = server.stdout();
        } else {
          output = await shell(command, cwd, path);
        }
        played.push({ command, missing: missingLines(shown, output), output });
      }
    }
  } finally {
    server?.child.kill("SIGTERM");
    await server?.done;
  }
  return played;
}

/** stdout and stderr together, and `exit code n` when it is not 0. */
function shell(command: string, cwd: string, path: string): Promise<string> {
  return new Promise((resolve) => {
    const env = { ...process.env, PATH: path, NO_COLOR: "1", FORCE_COLOR: "", CI: "" };
    execFile("sh", ["-c", command], { cwd, env, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve(`${stdout}\n${stderr}${error ? `\nexit code ${error.code}` : ""}`),
    );
  });
}

/** A folder with the command `neverfails` in it, as an installation puts it on the PATH, and a curl where there is none. */
function commandFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "neverfails-bin-"));
  const add = (name: string, script: string) => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${projectRoot}${script}" "$@"\n`);
    chmodSync(file, 0o755);
  };
  add("neverfails", "dist/cli/main.js");
  const places = (process.env.PATH ?? "").split(":");
  if (!places.some((place) => existsSync(join(place, "curl")))) add("curl", "tests/docs/curl.mjs");
  return folder;
}
