// The partner's works: ledger, desks, workshop and callbacks. A reset replaces them as a whole, so nothing is forgotten.
import type { HistoryLog } from "../history/history.ts";
import type { Clock } from "../lib/clock.ts";
import { type Callbacks, createCallbacks } from "./callbacks/callbacks.ts";
import type { Contract } from "./contract/contract.ts";
import { createLedger, type LedgerBook } from "./ledger.ts";
import { createTurnAway } from "./pipeline/admit.ts";
import { type ByHand, createByHand } from "./pipeline/by-hand.ts";
import type { CompiledContract } from "./pipeline/compile.ts";
import { createDecide } from "./pipeline/decide.ts";
import type { Desk } from "./pipeline/exchange.ts";
import { createHeldReplies } from "./pipeline/held-replies.ts";
import { createIdempotencyBook } from "./pipeline/idempotency-book.ts";
import { otherSubmissions } from "./pipeline/others.ts";
import { createStatusDesk } from "./pipeline/status.ts";
import { createSubmissionIds } from "./pipeline/submission-ids.ts";
import { createSubmitDesk } from "./pipeline/submit.ts";
import { createTallies, type Tallies } from "./pipeline/tallies.ts";
import { createWorkshop } from "./pipeline/workshop.ts";
import type { Plan } from "./plan/plan.ts";

export interface WorksOptions {
  contract: Contract;
  compiled: CompiledContract;
  clock: Clock;
  history: HistoryLog;
  seed: string;
  secret: string;
  nextSecret: string;
  plan: () => Plan | undefined;
  names: (() => Record<string, unknown>) | undefined;
  allowedHosts: readonly string[] | undefined;
  ordinalOf: ((key: string) => number | undefined) | undefined;
}

export interface Works {
  readonly ledger: LedgerBook;
  readonly tallies: Tallies;
  readonly callbacks: Callbacks;
  readonly byHand: ByHand;
  readonly submit: Desk;
  readonly status: Desk;
  isQuiet(): boolean;
  close(): Promise<void>;
}

export function createWorks(options: WorksOptions): Works {
  const { contract, compiled, clock, history, seed, secret, nextSecret, plan, names, allowedHosts } = options;
  const tallies = createTallies(options.ordinalOf);
  const lastStage = contract.stages?.at(-1)?.name ?? null;
  const ids = createSubmissionIds(contract.submit.ids, seed);
  const ledger = createLedger({
    lastStage,
    shelfOf: tallies.find,
    shelfOfId: (id) => tallies.at(ids.ordinalOf(id)),
  });
  const heldReplies = createHeldReplies();
  const tallyOf = tallies.of;
  const callbacks = createCallbacks({
    callback: contract.callback,
    stages: contract.stages,
    clock,
    history,
    seed,
    secret,
    nextSecret,
    plan,
    names,
    otherThan: otherSubmissions(ledger, contract, seed),
    allowedHosts,
    isReplyHeld: heldReplies.isHeld,
    onAnswered: heldReplies.release,
  });
  const decide = createDecide({ clock, history, ledger, onDecided: callbacks.report });
  const onStage = callbacks.reportStage;
  const workshop = createWorkshop({ contract, seed, clock, history, ledger, plan, decide, onStage });
  const turnAway = createTurnAway(compiled.doorkeeper);
  return {
    ledger,
    tallies,
    callbacks,
    byHand: createByHand({ history, ledger, workshop, decide }),
    submit: createSubmitDesk({
      compiled,
      turnAway,
      ids,
      clock,
      history,
      ledger,
      workshop,
      heldReplies,
      tallyOf,
      idempotency: createIdempotencyBook(tallies.find),
      plan,
    }),
    status: createStatusDesk({ compiled, clock, turnAway, history, ledger, tallyOf, plan }),
    isQuiet: () => workshop.isQuiet() && callbacks.isQuiet(),
    async close() {
      workshop.close();
      heldReplies.close();
      await callbacks.close();
    },
  };
}
