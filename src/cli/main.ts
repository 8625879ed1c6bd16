#!/usr/bin/env node
// The command `neverfails`: one file a command, parsed here.
import yargs, { type CommandModule } from "yargs";
import { hideBin } from "yargs/helpers";
import { packageVersion } from "../lib/package-info.ts";
import { EXIT, finish } from "./exit.ts";

/** In the order of the help text. Each is loaded only when it is called: a served partner is ready at once. */
const COMMANDS = {
  init: async () => (await import("./init.ts")).initCommand,
  run: async () => (await import("./run.ts")).runCommand,
  demo: async () => (await import("./demo.ts")).demoCommand,
  serve: async () => (await import("./serve.ts")).serveCommand,
  check: async () => (await import("./check.ts")).checkCommand,
  list: async () => (await import("./list.ts")).listCommand,
  judge: async () => (await import("./judge.ts")).judgeCommand,
  replay: async () => (await import("./replay.ts")).replayCommand,
};

/** What may come several times; `_` is what yargs calls the rest. */
const LISTS = ["_", "pattern", "files", "tag", "callback-host", "callbackHost"];

class UsageError extends Error {}

const EPILOGUE = `Exit codes: 0 passed, 1 failed, 2 usage or file mistake, 3 inconclusive,
4 the harness itself failed, 130 interrupted.`;

const cli = yargs(hideBin(process.argv))
  .scriptName("neverfails")
  .usage(
    "$0 <command>\n\nA fake partner that misbehaves on purpose, and a judge of how your system takes it.",
  )
  .demandCommand(1, "Name a command, for example: neverfails demo")
  .recommendCommands()
  .strict()
  .version(packageVersion)
  .epilogue(EPILOGUE)
  .wrap(Math.min(100, process.stdout.columns || 100))
  .locale("en")
  // `--tag x a`: a is a pattern, not a second tag.
  .parserConfiguration({ "greedy-arrays": false })
  .check(givenOnce)
  .exitProcess(false)
  .fail((message, error) => {
    if (error && error.name !== "YError" && !(error instanceof UsageError)) throw error;
    // Thrown on: yargs would go on and run the command all the same.
    throw new UsageError(message || error?.message);
  });

/** An option that takes one value and is given twice would arrive as a list. */
function givenOnce(args: Record<string, unknown>): true {
  const twice = Object.keys(args).find((name) => Array.isArray(args[name]) && !LISTS.includes(name));
  if (twice !== undefined) throw new UsageError(`--${twice} is given more than once`);
  return true;
}

const called = Object.entries(COMMANDS).filter(([name]) => name === process.argv[2]);
for (const [, load] of called.length > 0 ? called : Object.entries(COMMANDS)) {
  // Every command has arguments of its own; yargs checks them against its own builder.
  cli.command((await load()) as CommandModule);
}

// `neverfails run | head` closes the pipe early: the run goes on to its end, its evidence is on disk.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (cause: NodeJS.ErrnoException) => {
    if (cause.code !== "EPIPE") throw cause;
  });
}

// Mistakes of the user's are values; what arrives here is a bug of ours.
function fail(cause: unknown): void {
  const story = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  process.stderr.write(`neverfails itself failed: ${story}\n`);
  finish(EXIT.harness);
}

process.on("uncaughtException", (cause) => {
  // Nobody knows what was under way, so nothing goes on; the guard ends the system's processes.
  fail(cause);
  process.exit(EXIT.harness);
});

try {
  await cli.parseAsync();
} catch (cause) {
  if (cause instanceof UsageError) {
    process.stderr.write(`${cause.message}\n\nSee: neverfails --help\n`);
    finish(EXIT.usage);
  } else {
    fail(cause);
  }
}
