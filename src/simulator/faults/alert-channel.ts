// Which alert channels a fault at the point `alerts` hits: shipped scenarios cannot know their names.
import * as z from "zod";

/** Words that are no channel's name. */
export const CHANNEL_WORDS = ["first", "all"] as const;

export const channelSchema = z
  .string()
  .min(1)
  .default("first")
  .describe("The name of a channel; first: the first one in neverfails.yaml; all: every channel");

export function isMeant(wanted: string, { name, position }: { name: string; position: number }): boolean {
  if (wanted === "all") return true;
  return wanted === "first" ? position === 0 : wanted === name;
}
