// neverfails judge <run>: the verdict again, from the saved histories alone.
import { resolve } from "node:path";
import type { CommandModule } from "yargs";
import { REPORTER_NAMES } from "../reports/reporters.ts";
import { rejudge } from "../runner/rejudge.ts";
import { EXIT, finish } from "./exit.ts";
import { printProblems } from "./output.ts";
import { printRecord } from "./play.ts";
import { joined, parseReporters } from "./run-options.ts";
import { exitCodeOf } from "./verdict-exit.ts";

interface JudgeArguments {
  run: string;
  reporter: string;
}

export const judgeCommand: CommandModule<object, JudgeArguments> = {
  command: "judge <run>",
  describe: "Judge a saved run again from its histories alone",
  builder: (yargs) =>
    yargs
      .positional("run", {
        type: "string",
        demandOption: true,
        describe: "A folder under reports/, or one history file",
      })
      .option("reporter", {
        coerce: joined,
        type: "string",
        requiresArg: true,
        default: "terminal",
        describe: `What goes to stdout: ${REPORTER_NAMES.join(", ")}`,
      }),
  handler({ run, reporter }) {
    const names = parseReporters(reporter);
    const judged = rejudge(resolve(run));
    if (!names.ok || !judged.ok) {
      printProblems([names, judged].flatMap((result) => (result.ok ? [] : result.problems)));
      finish(EXIT.usage);
      return;
    }
    const { record, notes } = judged.value;
    for (const note of notes) process.stderr.write(`${note}\n`);
    printRecord(record, names.value, run);
    finish(exitCodeOf(record));
  },
};
