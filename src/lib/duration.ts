// Durations as users write them (`250ms`, `2s`, `5m`, `1h`), always milliseconds inside.
import * as z from "zod";

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;

/** Milliseconds of `250ms`, `2s`, `1.5m`, `1h`; undefined when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = PATTERN.exec(text.trim());
  if (!match) return undefined;
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}

/** `250ms`, `1.2 s`, `3.5 min`: short enough for a verdict line. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${trimZero((ms / 1_000).toFixed(ms < 10_000 ? 2 : 1))} s`;
  return `${trimZero((ms / 60_000).toFixed(1))} min`;
}

function trimZero(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** Zod: a duration text, parsed to milliseconds. */
export const durationSchema = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, {
    error: "expected a duration such as 250ms, 2s, 5m or 1h",
  })
  .transform((text) => parseDuration(text) as number)
  .meta({ description: "A duration: 250ms, 2s, 5m, 1h" });
