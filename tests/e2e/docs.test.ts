// Runs what the documentation shows: its console blocks, and every command and option that it names.
import { describe, expect, it } from "vitest";
import { missingLines, playPage, stepsOf } from "../docs/console-blocks.ts";
import { readPages } from "../docs/pages.ts";
import { shopFiles } from "../docs/yaml-blocks.ts";
import { cli } from "../support/cli.ts";
import { folderWith } from "../support/files.ts";

const pages = readPages();

describe.concurrent("the console blocks", () => {
  const playable = pages.filter(({ fences }) => fences.some(({ language }) => language === "console"));

  it.each(playable.map((page) => [page.name, page] as const))("of %s show what happens", async (_, page) => {
    const played = await playPage(page, folderWith(shopFiles()));
    expect(played.length).toBeGreaterThan(0);
    for (const { command, missing, output } of played) {
      expect(missing, `$ ${command}\n${output}`).toEqual([]);
    }
  });
});

describe("a shown line", () => {
  it("may differ in numbers, tags and spacing", () => {
    const shown = ["✓ ORD-h9g4-001  settled  1.2 s …  sub_1"];
    expect(missingLines(shown, "✓ ORD-ab12-B07 settled at 3 s")).toEqual(shown);
    expect(missingLines(shown, "✓ ORD-ab12-B007 settled\n   at once (late) sub_9")).toEqual([]);
  });

  it("may not differ in words", () => {
    expect(missingLines(["ok  30 scenarios"], "ok  30 scenes")).toEqual(["ok  30 scenarios"]);
  });

  it("belongs to the command above it", () => {
    expect(stepsOf("$ a\nx\ny\n$ b\n")).toEqual([
      { command: "a", shown: ["x", "y"] },
      { command: "b", shown: [] },
    ]);
  });
});

it("README.md names every command", async () => {
  const { stdout } = await cli(["--help"]);
  const commands = [...stdout.matchAll(/^ {2}neverfails (\S+)/gm)].map(([, command]) => command);
  const readme = pages.find(({ name }) => name === "README.md")?.text ?? "";
  expect(commands.length).toBeGreaterThanOrEqual(7);
  expect(commands.filter((command) => !readme.includes(`\`neverfails ${command}`))).toEqual([]);
});
