// The control of a running partner: the same calls in process and, through the client, over HTTP.
import type { HistoryEvent } from "../../history/event.ts";
import type { HistoryLog } from "../../history/history.ts";
import type { Clock } from "../../lib/clock.ts";
import { suggest } from "../../lib/suggest.ts";
import type { Contract } from "../contract/contract.ts";
import { needTls } from "../faults/describe.ts";
import type { Decision, Submission } from "../ledger.ts";
import type { HandResult, Partner } from "../partner.ts";
import type { ArmedFault } from "../plan/open-plan.ts";
import { isInForce } from "../plan/window.ts";
import { createCallbackBook } from "./callback-book.ts";
import { ControlError, invalid } from "./control-error.ts";
import { type FollowOptions, follow } from "./follow.ts";
import { createHistoryWindow, type HistoryPage, type HistoryWindow } from "./history-window.ts";
import { type FaultInput, parseInput, readFault } from "./read-fault.ts";
import {
  type ArmedFaultView,
  type CallbackFilter,
  type CallbackView,
  callbackFilterSchema,
  type HistoryFilter,
  historyFilterSchema,
  type PartnerView,
  type Settlement,
  type SubmissionFilter,
  type SubmissionView,
  settlementSchema,
  submissionFilterSchema,
} from "./views.ts";
import { type EventCondition, type WaitOptions, waitFor } from "./wait-for.ts";
import { writtenUse } from "./written-use.ts";

/** Every call rejects with ControlError when it cannot be done. */
export interface PartnerControl {
  about(): Promise<PartnerView>;
  readonly faults: {
    list(): Promise<ArmedFaultView[]>;
    /** Arms it now: `during`, `first 3` and the like count from now. */
    add(fault: FaultInput): Promise<ArmedFaultView>;
    remove(id: string): Promise<void>;
    /** Ends them all. */
    heal(): Promise<void>;
  };
  /** In order of acceptance, 100 unless `limit` says otherwise. */
  submissions(filter?: SubmissionFilter): Promise<SubmissionView[]>;
  submission(id: string): Promise<SubmissionView>;
  /** Decides it now, and reports it as the contract says. */
  settle(id: string, settlement: Settlement): Promise<SubmissionView>;
  /** It stays in process until it is settled or lost by hand. */
  stick(id: string): Promise<SubmissionView>;
  /** The partner forgets it: status requests get 404. */
  lose(id: string): Promise<SubmissionView>;
  /** Reports its result once more, with the same event id. */
  redeliver(id: string): Promise<void>;
  /** The newest thousand. */
  callbacks(filter?: CallbackFilter): Promise<CallbackView[]>;
  /** One page of what is held of the history: the newest ten thousand events. */
  history(filter?: HistoryFilter): Promise<HistoryPage>;
  /** Live events; from now on, or after a number that is still held. */
  events(options?: FollowOptions): AsyncIterable<HistoryEvent>;
  /** The first event that fits, of those that are held or that come in time. */
  waitFor(condition: EventCondition, options?: WaitOptions): Promise<HistoryEvent>;
  /** Forgets ledger, keys and history, ends every fault. */
  reset(): Promise<void>;
}

export interface ControlDesk extends PartnerControl {
  readonly window: HistoryWindow;
  close(): void;
}

export interface ControlOptions {
  partner: Partner;
  contract: Contract;
  clock: Clock;
  history: HistoryLog;
  /** Events from before, for a control that is created later than its partner. */
  before?: readonly HistoryEvent[];
}

/** More than this nobody wants at once, and each is asked on every request. */
const MOST_FAULTS = 100;

/** Begins to collect what it shows. */
export function createControl({
  partner,
  contract,
  clock,
  history,
  before = [],
}: ControlOptions): ControlDesk {
  const isoAt = (ms: number) => new Date(clock.originMs + ms).toISOString();
  const window = createHistoryWindow(history, { before });
  const book = createCallbackBook(isoAt);
  const fired = new Map<number, number>();
  const noteEvent = (event: HistoryEvent) => {
    book.note(event);
    if (event.kind === "fault.fired") fired.set(event.fault, (fired.get(event.fault) ?? 0) + 1);
  };
  for (const event of before) noteEvent(event);
  const unsubscribe = history.subscribe(noteEvent);
  const outcomes = contract.process.outcomes.map(([outcome]) => outcome);

  function viewFault({ id, index, scheduled, addedMs, endsMs }: ArmedFault): ArmedFaultView {
    return {
      id,
      use: writtenUse(scheduled),
      since: isoAt(addedMs),
      ...(endsMs !== undefined && { until: isoAt(endsMs) }),
      inForce: isInForce(scheduled.during, clock.now() - addedMs),
      fired: fired.get(index) ?? 0,
    };
  }

  function found(id: string): SubmissionView {
    const submission = partner.ledger.byId(id);
    if (!submission) throw unknownSubmission(id);
    return viewSubmission(submission);
  }

  function handled(id: string, result: HandResult): SubmissionView {
    switch (result) {
      case "done":
        return found(id);
      case "unknown":
        throw unknownSubmission(id);
      case "decided":
        throw new ControlError(409, `submission ${id} is ${found(id).state} already, and stays so`);
    }
  }

  function decisionOf({ outcome, reason }: Settlement): Decision {
    if (outcomes.includes(outcome)) return { state: "settled", outcome };
    if (outcome === "rejected") return { state: "rejected", outcome, reason: reason ?? "rejected by hand" };
    const nearest = suggest(outcome, [...outcomes, "rejected"]);
    throw invalid([
      {
        path: "outcome",
        message: `this partner knows ${outcomes.join(", ")} and rejected`,
        ...(nearest !== undefined && { hint: `did you mean "${nearest}"?` }),
      },
    ]);
  }

  const events = (options?: FollowOptions) => follow(window, options);

  return {
    window,
    about: async () => ({
      name: contract.name,
      url: partner.url,
      port: partner.port,
      submit: `POST ${contract.submit.post}`,
      status: contract.status ? `GET ${contract.status.get}` : null,
      callback: contract.callback?.to ?? null,
      outcomes,
      quiet: partner.isQuiet(),
    }),
    faults: {
      list: async () => partner.faults.list().map(viewFault),
      async add(fault) {
        const { use, ttlMs } = readFault(fault);
        if (needTls([use]) && !partner.url.startsWith("https:"))
          throw new ControlError(409, `${use.fault} needs a partner over https, and this one speaks http`);
        refuseUnknownStages(use.stages, contract);
        if (partner.faults.list().length >= MOST_FAULTS)
          throw new ControlError(409, `there are ${MOST_FAULTS} faults already: remove some, or heal`);
        return viewFault(await partner.faults.add(use, { ttlMs }));
      },
      async remove(id) {
        const removal = await partner.faults.remove(id);
        if (removal === "unknown") throw new ControlError(404, `there is no fault ${show(id)}`);
        if (removal === "part of a plan")
          throw new ControlError(409, `${id} is part of a plan that was armed as a whole: heal ends it`);
      },
      heal: () => partner.heal(),
    },
    async submissions(filter = {}) {
      const { key, state, after, limit } = parseInput(submissionFilterSchema, filter);
      return submissionsOf(partner, { key, after })
        .filter((submission) => state === undefined || submission.state === state)
        .slice(0, limit)
        .map(viewSubmission);
    },
    submission: async (id) => found(id),
    async settle(id, settlement) {
      const decision = decisionOf(parseInput(settlementSchema, settlement));
      return handled(id, partner.byHand.settle(id, decision));
    },
    stick: async (id) => handled(id, partner.byHand.stick(id)),
    lose: async (id) => handled(id, partner.byHand.lose(id)),
    async redeliver(id) {
      if (!contract.callback) throw new ControlError(409, "this partner never calls back");
      const result = partner.byHand.redeliver(id);
      if (result === "unknown") throw unknownSubmission(id);
      if (result === "undecided")
        throw new ControlError(409, `submission ${id} is ${found(id).state}: there is no result to report`);
    },
    callbacks: async (filter) => book.list(parseInput(callbackFilterSchema, filter ?? {})),
    history: async (filter) => window.page(parseInput(historyFilterSchema, filter ?? {})),
    events,
    waitFor: (condition, options) => waitFor(events, condition, options),
    async reset() {
      await partner.reset();
      window.clear();
      book.clear();
      fired.clear();
    },
    close() {
      unsubscribe();
      window.close();
    },
  };
}

/** By key, or all that were accepted after a submission. An `after` that is not there any more yields nothing. */
function submissionsOf(
  { ledger }: Partner,
  { key, after }: { key: string | undefined; after: string | undefined },
): Readonly<Submission>[] {
  const candidates = key === undefined ? [...ledger.all()] : [...ledger.byKey(key)];
  if (after === undefined) return candidates;
  const index = candidates.findIndex(({ id }) => id === after);
  return index === -1 ? [] : candidates.slice(index + 1);
}

function viewSubmission(submission: Readonly<Submission>): SubmissionView {
  const { id, key, ordinal, state, outcome, reason, acceptedAt, decidedAt, body } = submission;
  return { id, key, ordinal, state, outcome, reason, acceptedAt, decidedAt, body };
}

function unknownSubmission(id: string): ControlError {
  return new ControlError(404, `there is no submission ${show(id)}`);
}

function show(id: string): string {
  return JSON.stringify(id.length > 80 ? `${id.slice(0, 80)}…` : id);
}

/** A fault of a stage that the contract does not have would wait for ever. */
function refuseUnknownStages(named: readonly string[] = [], { stages = [] }: Contract): void {
  const names = stages.map(({ name }) => name);
  const unknown = named.filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  const there = names.length === 0 ? "this contract has no stages" : `there are ${names.join(", ")}`;
  throw invalid(
    unknown.map((name) => {
      const near = suggest(name, names);
      return {
        path: "stage",
        message: `unknown stage "${name}"; ${there}`,
        ...(near !== undefined && { hint: `did you mean "${near}"?` }),
      };
    }),
  );
}
