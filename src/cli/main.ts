#!/usr/bin/env node
// The command `neverfails`: one file a command, parsed here.
import yargs from "yargs";
import { hideBin } from "yargs/helpers";
import { packageVersion } from "../lib/package-info.ts";
import { checkCommand } from "./check.ts";
import { demoCommand } from "./demo.ts";
import { EXIT, finish } from "./exit.ts";
import { judgeCommand } from "./judge.ts";
import { listCommand } from "./list.ts";
import { replayCommand } from "./replay.ts";
import { runCommand } from "./run.ts";
import { serveCommand } from "./serve.ts";

const EPILOGUE = `Exit codes: 0 passed, 1 failed, 2 usage or file mistake, 3 inconclusive,
4 the harness itself failed, 130 interrupted.`;

const cli = yargs(hideBin(process.argv))
  .scriptName("neverfails")
  .usage(
    "$0 <command>\n\nA fake partner that misbehaves on purpose, and a judge of how your system takes it.",
  )
  .command(runCommand)
  .command(demoCommand)
  .command(serveCommand)
  .command(checkCommand)
  .command(listCommand)
  .command(judgeCommand)
  .command(replayCommand)
  .demandCommand(1, "Name a command, for example: neverfails demo")
  .recommendCommands()
  .strict()
  .version(packageVersion)
  .epilogue(EPILOGUE)
  .wrap(Math.min(100, process.stdout.columns ?? 100))
  .exitProcess(false)
  .fail((message, error, instance) => {
    if (error) throw error;
    process.stderr.write(`${message}\n\nSee: ${instance.scriptName ?? "neverfails"} --help\n`);
    finish(EXIT.usage);
  });

// `neverfails run | head` closes the pipe early: the run goes on to its end, its evidence is on disk.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (cause: NodeJS.ErrnoException) => {
    if (cause.code !== "EPIPE") throw cause;
  });
}

try {
  await cli.parseAsync();
} catch (cause) {
  // Mistakes of the user's are values; what arrives here is a bug of ours.
  process.stderr.write(
    `neverfails itself failed: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`,
  );
  finish(EXIT.harness);
}
