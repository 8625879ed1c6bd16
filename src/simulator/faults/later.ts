// The same reply, later: by a delay that is drawn by key.
import { type Delay, sampleDelay } from "../../lib/delay.ts";
import type { Reply } from "../pipeline-values.ts";
import type { FaultContext } from "./fault.ts";

/** Unchanged when the delay is drawn as nothing. */
export function later(reply: Reply, delay: Delay, { choose }: Pick<FaultContext, "choose">): Reply {
  const ms = Math.round(sampleDelay(delay, choose("delay")));
  return ms === 0 ? reply : { ...reply, delayMs: reply.delayMs + ms };
}
