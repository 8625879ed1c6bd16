// The partner's reports, as the history tells them: one entry per delivery, the newest thousand.
import type { HistoryEvent } from "../../history/event.ts";
import type { CallbackFilter, CallbackView } from "./views.ts";

export interface CallbackBook {
  note(event: HistoryEvent): void;
  /** In the order in which they were scheduled. */
  list(filter?: CallbackFilter): CallbackView[];
  clear(): void;
}

const HELD_CALLBACKS = 1_000;

/** `isoAt`: wall time of a moment on the partner's clock. */
export function createCallbackBook(isoAt: (ms: number) => string, held = HELD_CALLBACKS): CallbackBook {
  const entries = new Map<string, CallbackView>();
  let unsent = 0;

  function hold(id: string, view: CallbackView): void {
    entries.set(id, view);
    const [oldest] = entries.size > held ? entries.keys() : [];
    if (oldest !== undefined) entries.delete(oldest);
  }

  function change(delivery: string, news: Partial<CallbackView>): void {
    const view = entries.get(delivery);
    if (view) Object.assign(view, news);
  }

  return {
    note(event) {
      switch (event.kind) {
        case "callback.scheduled": {
          const { delivery, submission, key } = event;
          const dueAt = isoAt(event.dueMs);
          hold(delivery, {
            ...blank({ delivery, submission, key, state: "due" }),
            event: event.event,
            dueAt,
          });
          return;
        }
        case "callback.sent": {
          const { attempt, claims, url } = event;
          change(event.delivery, { state: "sent", attempts: attempt, outcome: claims, url });
          return;
        }
        case "callback.acked":
          change(event.delivery, { state: "acknowledged", status: event.status, reason: null });
          return;
        case "callback.refused":
          change(event.delivery, { state: "failed", status: event.status, reason: null });
          return;
        case "callback.unanswered":
          change(event.delivery, { state: "failed", status: null, reason: event.reason });
          return;
        case "callback.withheld": {
          const { delivery, submission, key, reason } = event;
          if (delivery !== undefined) change(delivery, { state: "withheld", reason });
          else {
            unsent += 1;
            hold(`unsent ${unsent}`, {
              ...blank({ delivery: null, submission, key, state: "withheld" }),
              reason,
            });
          }
          return;
        }
        default:
          return;
      }
    },
    list: ({ key, submission, state } = {}) =>
      [...entries.values()]
        .filter(
          (view) =>
            (key === undefined || view.key === key) &&
            (submission === undefined || view.submission === submission) &&
            (state === undefined || view.state === state),
        )
        .map((view) => ({ ...view })),
    clear: () => entries.clear(),
  };
}

function blank(known: Pick<CallbackView, "delivery" | "submission" | "key" | "state">): CallbackView {
  return {
    ...known,
    event: null,
    dueAt: null,
    attempts: 0,
    status: null,
    reason: null,
    outcome: null,
    url: null,
  };
}
