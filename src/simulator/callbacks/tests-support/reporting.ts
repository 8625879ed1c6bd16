// Callbacks with everything around them that tests need: a history, a plan of given faults, decided submissions.
import type { EventKind, EventOf } from "../../../history/event.ts";
import { createHistoryLog, type HistoryLog } from "../../../history/history.ts";
import { choose } from "../../../lib/choice.ts";
import { createClock } from "../../../lib/clock.ts";
import { until } from "../../../lib/wait.ts";
import type { Fault, OtherSubmission } from "../../faults/fault.ts";
import type { ActiveFault } from "../../plan/plan.ts";
import { generateSecret } from "../../signing/secret.ts";
import { type CallbackSettings, type Callbacks, createCallbacks, type Reportable } from "../callbacks.ts";
import type { FaultLookup } from "../fault-lookup.ts";

/** A fault with its settings as users write them, and the attempts that it applies to (default: all). */
export interface FaultInUse {
  fault: Fault;
  settings?: Record<string, unknown>;
  attempts?: number[];
}

export interface Setup {
  callback?: Partial<CallbackSettings>;
  faults?: FaultInUse[];
  promisesMs?: number;
  names?: () => Record<string, unknown>;
  allowedHosts?: string[];
  nextSecret?: string;
  otherThan?: () => OtherSubmission | undefined;
}

export interface Reporting extends AsyncDisposable {
  callbacks: Callbacks;
  history: HistoryLog;
  secret: string;
  /** Indexes of the faults that fired. */
  fired: number[];
  events<K extends EventKind>(kind: K): EventOf<K>[];
  /** True when everything is over within ten seconds. */
  settles(): Promise<boolean>;
  /** Every fault is over. */
  heal(): void;
}

export const OUTCOMES = ["approved", "denied"];

export function submissionTo(callbackUrl: unknown, more: Partial<Reportable> = {}): Reportable {
  return {
    id: "sub_1",
    key: "CLM-1",
    ordinal: 1,
    outcome: "approved",
    body: { callbackUrl, reference: "CLM-1" },
    ...more,
  };
}

export function startReporting({
  callback,
  faults = [],
  promisesMs = 200,
  names,
  allowedHosts,
  nextSecret,
  otherThan,
}: Setup = {}): Reporting {
  const clock = createClock();
  const history = createHistoryLog({ clock });
  const settings: CallbackSettings = {
    to: "body.callbackUrl",
    json: {
      id: "{{ delivery.id }}",
      reference: "{{ submission.key }}",
      outcome: "{{ submission.outcome }}",
      attempt: "{{ delivery.attempt }}",
      settledAt: "{{ delivery.at }}",
    },
    sign: { scheme: "standard-webhooks" },
    timeout: 5_000,
    retry: [],
    ...callback,
  };
  const secret = generateSecret(settings.sign.scheme, "test");
  const fired: number[] = [];
  const armed = faults.length > 0 ? planOf(faults, promisesMs, fired) : undefined;
  let isHealed = false;
  const callbacks = createCallbacks({
    callback: settings,
    clock,
    history,
    seed: "seed",
    secret,
    plan: () => (isHealed ? undefined : armed),
    names,
    allowedHosts,
    ...(nextSecret !== undefined && { nextSecret }),
    otherThan,
  });
  return {
    callbacks,
    history,
    secret,
    fired,
    events: (kind) => history.events.filter((event): event is EventOf<typeof kind> => event.kind === kind),
    heal() {
      isHealed = true;
    },
    settles: () => until(() => callbacks.isQuiet(), { withinMs: 10_000, everyMs: 5 }),
    [Symbol.asyncDispose]: () => callbacks.close(),
  };
}

function planOf(faults: readonly FaultInUse[], promisesMs: number, fired: number[]): FaultLookup {
  const parsed = faults.map(({ fault, settings = {} }) => fault.settings.parse(settings));
  const armedAt = performance.now();
  return {
    at: (point, { key, ordinal }, attempt) =>
      faults.flatMap(({ fault, attempts }, index): ActiveFault[] =>
        fault.point !== point || (attempts && !attempts.includes(attempt))
          ? []
          : [
              {
                index,
                fault,
                settings: parsed[index] ?? {},
                context: {
                  key,
                  ordinal,
                  attempt,
                  fault: index,
                  choose: (purpose) => choose("seed", index, ordinal, attempt, purpose),
                  outcomes: OUTCOMES,
                  promisesMs,
                  sinceArmedMs: performance.now() - armedAt,
                },
              },
            ],
      ),
    fired: ({ index }) => {
      fired.push(index);
    },
    derived: () => {},
  };
}
