// Which ids the partner gives out, so that they fit what the document says about them.
import type { Check } from "./checker.ts";

/** `submit.ids` of the contract: undefined where its own ids fit. */
export function idsFor(
  fits: Check,
  shape: { types: readonly string[]; example: unknown; pattern: unknown },
): string | undefined {
  if (shape.types.length > 0 && !shape.types.includes("string")) return "number";
  const samples: [ids: string | undefined, sample: string][] = [
    [undefined, sampleId("sub_")],
    ["uuid", "3f2b8c1e-5d4a-4f6b-9c7d-1a2b3c4d5e6f"],
    ["number", "1000"],
  ];
  const prefixes = [prefixOf(shape.example), prefixOf(shape.pattern)].filter(
    (prefix) => prefix !== undefined,
  );
  const own = typeof shape.example === "string" ? prefixOf(shape.example) : undefined;
  if (own !== undefined && fits(sampleId(own)) === undefined) return own;
  for (const prefix of prefixes) samples.push([prefix, sampleId(prefix)]);
  return samples.find(([, sample]) => fits(sample) === undefined)?.[0];
}

function sampleId(prefix: string): string {
  return `${prefix}a1b2c30001`;
}

/** `pay_8f3k` and `^pay_[a-z0-9]+$` → `pay_`. */
function prefixOf(text: unknown): string | undefined {
  return typeof text === "string" ? /^\^?([A-Za-z]{1,12}[_-])/.exec(text)?.[1] : undefined;
}
