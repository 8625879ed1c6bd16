// Small units that several files share: shares (`30%`) and rates (`12/s`).
import * as z from "zod";

/** 0..1 of `30%` (0 % to 100 %); undefined when the text is no share. */
export function parseShare(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim());
  const share = Number(match?.[1]) / 100;
  return match && share <= 1 ? share : undefined;
}

/** A second's worth of `12/s`, `0.5/s`, `60/m`; undefined when the text is no rate. */
export function parseRate(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*\/\s*(s|m)$/.exec(text.trim());
  const rate = Number(match?.[1]) / (match?.[2] === "m" ? 60 : 1);
  return match && rate > 0 ? rate : undefined;
}

/** Zod: `30%` → 0.3. */
export const shareSchema = z
  .string()
  .refine((text) => parseShare(text) !== undefined, { error: "expected a share such as 30%" })
  .transform((text) => parseShare(text) as number)
  .meta({ description: "A share: 30%" });

/** Zod: `12/s` → 12. */
export const rateSchema = z
  .string()
  .refine((text) => parseRate(text) !== undefined, { error: "expected a rate such as 12/s or 60/m" })
  .transform((text) => parseRate(text) as number)
  .meta({ description: "Starts a second: 12/s" });

/** One or several: `a` or `[a, b]` → a list. */
export function oneOrMore<Item extends z.ZodType>(item: Item) {
  return z.union([item.transform((value) => [value]), z.array(item)]);
}
