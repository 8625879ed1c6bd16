// Follows the plan's outages: makes the listener refuse, reset and listen again as their windows begin and end.
import type { Clock } from "../../lib/clock.ts";
import type { Plan } from "../plan/plan.ts";
import { badCertificateOf, type Listener, type Listening } from "./listener.ts";

export interface Outage {
  /** Does what the plan says now, and whenever it says otherwise. Resolves when that is done for now. */
  follow(plan: Pick<Plan, "outage">): Promise<void>;
  /** Listens as if nothing had been. */
  end(): Promise<void>;
}

export interface OutageOptions {
  listener: Listener;
  clock: Clock;
  /** Called before connections are cut, with the reason. */
  onCut: (reason: string) => void;
  /** Called when the port cannot be opened again. */
  onFailure: (cause: unknown) => void;
}

export function createOutage({ listener, clock, onCut, onFailure }: OutageOptions): Outage {
  let timer: NodeJS.Timeout | undefined;
  let now: Listening = "open";

  async function become(next: Listening): Promise<void> {
    if (next === now) return;
    const isOtherCertificate = badCertificateOf(now) !== badCertificateOf(next);
    now = next;
    if (isOtherCertificate) onCut("the partner changed its certificate");
    else if (next !== "open") onCut("the partner went down");
    await listener.become(next);
  }

  async function follow(plan: Pick<Plan, "outage">): Promise<void> {
    clearTimeout(timer);
    const { kind, untilMs } = plan.outage();
    if (untilMs !== undefined) {
      // A timer may fire a moment early; looking again costs nothing.
      const waitMs = Math.max(1, Math.ceil(untilMs - clock.now()));
      timer = setTimeout(() => follow(plan).catch(onFailure), Math.min(waitMs, 0x7fffffff));
    }
    await become(kind === undefined || kind === "reset" || kind === "hang" ? "open" : kind);
  }

  return {
    follow,
    async end() {
      clearTimeout(timer);
      await become("open");
    },
  };
}
