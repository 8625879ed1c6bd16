// neverfails demo: both reference systems through the article's five cases, their trust cards side by side.
import { join, relative, resolve } from "node:path";
import type { CommandModule } from "yargs";
import { packageRoot } from "../lib/package-info.ts";
import { renderTrustCards } from "../reports/terminal/trust-cards.ts";
import type { SuiteResult } from "../runner/suite/suite.ts";
import { EXIT, type ExitCode, finish } from "./exit.ts";
import { loadRun } from "./load.ts";
import { printProblems, terminalOf } from "./output.ts";
import { play } from "./play.ts";
import { parseCounts } from "./run-options.ts";

/** The tag of the five classic failures. */
const ARTICLE = "article";
const SYSTEMS = ["one-day-integration", "trustworthy-integration"] as const;

interface DemoArguments {
  seed: string;
  workers: number;
  output: string;
}

export const demoCommand: CommandModule<object, DemoArguments> = {
  command: "demo",
  describe: "Both reference systems through the five classic partner failures, side by side",
  builder: (yargs) =>
    yargs
      .option("seed", {
        type: "string",
        requiresArg: true,
        default: "42",
        describe: "Same seed, same faults",
      })
      .option("workers", { type: "number", requiresArg: true, default: 5, describe: "Scenarios at once" })
      .option("output", {
        type: "string",
        requiresArg: true,
        default: "reports",
        describe: "Folder for the run folders",
      }),
  handler: async (args) => finish(await demo(args)),
};

/** 0 when the judge tells the two apart: the claim refuted for one, not refuted for the other. */
async function demo({ seed, workers, output }: DemoArguments): Promise<ExitCode> {
  const counts = parseCounts({ workers });
  if (!counts.ok) {
    printProblems(counts.problems);
    return EXIT.usage;
  }
  const results: SuiteResult[] = [];
  for (const system of SYSTEMS) {
    const loaded = await loadRun(join(packageRoot, "examples", system, "neverfails.yaml"));
    if (!loaded.ok) {
      printProblems(loaded.problems);
      return EXIT.harness;
    }
    const { config, scenarios } = loaded.value;
    const played = await play({
      config,
      scenarios: scenarios.filter(({ tags }) => tags.includes(ARTICLE)),
      seed,
      workers,
      output: resolve(output),
      reporters: [],
    });
    if ("code" in played) return played.code;
    if (played.result.record.interrupted) return EXIT.interrupted;
    results.push(played.result);
  }
  const [oneDay, trustworthy] = results;
  if (!oneDay || !trustworthy) return EXIT.harness;
  const { color, width } = terminalOf(process.stdout);
  process.stdout.write(renderTrustCards(oneDay.record, trustworthy.record, { color, width }));
  const folders = results.map(({ folder }) => relative(process.cwd(), folder.path) || folder.path);
  process.stdout.write(`\nEvidence: ${folders.join(" and ")}\n`);
  return oneDay.record.verdict === "failed" && trustworthy.record.verdict === "passed"
    ? EXIT.passed
    : EXIT.failed;
}
