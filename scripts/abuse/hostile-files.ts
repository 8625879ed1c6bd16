// Contracts, configurations and scenarios with something wrong in them.
import { readFileSync } from "node:fs";
import type { Dice } from "./dice.ts";
import { HOSTILE_TEXTS } from "./hostile.ts";
import { projectFile } from "./project.ts";

const GOOD = [
  "examples/acme-clearinghouse/partner.yaml",
  "examples/one-day-integration/neverfails.yaml",
  "scenarios/same-result-twice/duplicate-late-new-id.yaml",
].map((name) => readFileSync(projectFile(name), "utf8"));

/** Name and bytes of one file. */
export function hostileFile(dice: Dice, nth: number): { name: string; bytes: Buffer } {
  const extension = dice.pick(["yaml", "yaml", "yml", "json"]);
  return { name: `f${nth}.${extension}`, bytes: hostileBytes(dice) };
}

function hostileBytes(dice: Dice): Buffer {
  const text = dice.pick(HOSTILE_TEXTS);
  const good = GOOD[dice.below(GOOD.length)] ?? "";
  switch (dice.below(14)) {
    case 0:
      return Buffer.from(text);
    case 1:
      return Buffer.from(Array.from({ length: dice.below(2_000) }, () => dice.below(256)));
    case 2:
      return Buffer.from(
        `a0: &a0 [x, x]\n${levels(12, (i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`)}`,
      );
    case 3:
      return Buffer.from(`a: &a x\nb: [${"*a, ".repeat(dice.below(5_000))}]`);
    case 4:
      return Buffer.from("title: T\nfaults: &f [*f]\n");
    case 5:
      return Buffer.from(`${dice.pick(["[", "{a: ", "- ", "a:\n  "])}`.repeat(dice.below(5_000)));
    case 6:
      return Buffer.from(levels(dice.below(3_000), (i) => `key${i}: ${JSON.stringify(text)}`));
    case 7:
      return Buffer.from(levels(dice.below(500), () => "same: 1"));
    case 8:
      return Buffer.from(`title: !!js/function 'x'\nfaults: !!python/object/apply:os.system ['id']\n`);
    case 9:
      return Buffer.from(
        `__proto__: { polluted: true }\nconstructor: { prototype: { polluted: true } }\n${good}`,
      );
    case 10:
      return Buffer.from(good.slice(0, dice.below(good.length)));
    case 11: {
      const bytes = Buffer.from(good);
      for (let i = 0; i < 1 + dice.below(20); i++) bytes[dice.below(bytes.length)] = dice.below(256);
      return bytes;
    }
    case 12: {
      const lines = good.split("\n");
      const line = dice.below(lines.length);
      lines[line] = (lines[line] ?? "").replace(/:.*/, `: ${JSON.stringify(text)}`);
      return Buffer.from(lines.join("\n"));
    }
    default:
      return Buffer.from(
        `title: T\nfaults: [{ fault: ${JSON.stringify(text)} }]\nexpect: { recovers: { within: ${JSON.stringify(text)} } }\n`,
      );
  }
}

function levels(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join("\n");
}
