// neverfails init: a starter that runs as it is. Never overwrites what is there.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { CommandModule } from "yargs";
import { displayName } from "../scenarios/load/source.ts";
import { makeStarter } from "../scenarios/starter/starter.ts";
import { notesOn } from "./check.ts";
import { EXIT, type ExitCode, finish } from "./exit.ts";
import { printProblems } from "./output.ts";

interface InitArguments {
  openapi: string | undefined;
  submit: string | undefined;
  key: string | undefined;
  dir: string;
  force: boolean;
}

export const initCommand: CommandModule<object, InitArguments> = {
  command: "init",
  describe: "Write a starter: neverfails.yaml, partner.yaml, scenarios/ and a sample service",
  builder: (yargs) =>
    yargs
      .option("openapi", {
        type: "string",
        requiresArg: true,
        describe: "The partner's OpenAPI document (3.0 or 3.1, YAML or JSON)",
      })
      .option("submit", {
        type: "string",
        requiresArg: true,
        describe: "Which operation submits work: its operationId, or POST /path",
      })
      .option("key", {
        type: "string",
        requiresArg: true,
        describe: "The caller's reference in a request, such as body.reference",
      })
      .option("dir", {
        type: "string",
        requiresArg: true,
        default: ".",
        describe: "The folder that the files go to",
      })
      .option("force", { type: "boolean", default: false, describe: "Overwrite files that are there" }),
  handler: async (args) => finish(await init(args)),
};

async function init({ openapi, submit, key, dir, force }: InitArguments): Promise<ExitCode> {
  const folder = resolve(dir);
  const document = openapi === undefined ? undefined : resolve(openapi);
  const starter = await makeStarter({ dir: folder, openapi: document, submit, key });
  if (!starter.ok) {
    printProblems(starter.problems, "nothing was written");
    return EXIT.usage;
  }
  const { files, assumptions } = starter.value;
  const taken = Object.keys(files).filter((name) => existsSync(join(folder, name)));
  if (taken.length > 0 && !force) {
    const problems = taken.map((name) => ({
      file: displayName(join(folder, name)),
      message: "exists already",
      hint: "--force overwrites it",
    }));
    printProblems(problems, "nothing was written");
    return EXIT.usage;
  }
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  } catch (cause) {
    const { code, path = folder } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    printProblems(
      [{ file: displayName(path), message: `cannot be written (${code})` }],
      "the run was stopped",
    );
    return EXIT.usage;
  }
  const where = folder === process.cwd() ? "" : `cd ${dir} && `;
  const lines = [
    ...Object.keys(files).map((name) => `wrote ${displayName(join(folder, name))}`),
    ...notesOn(assumptions),
    "",
    `Next: ${where}neverfails run`,
    "server.mjs is only a sample: neverfails.yaml says at its top what to change for your own service.",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return EXIT.passed;
}
