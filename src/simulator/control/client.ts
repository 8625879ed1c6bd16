// A typed client of the control API: the same calls as in process, over HTTP.
import type { HistoryEvent } from "../../history/event.ts";
import type { PartnerControl } from "./control.ts";
import { ControlError, type ControlMistake } from "./control-error.ts";
import type { FollowOptions } from "./follow.ts";
import type { HistoryPage } from "./history-window.ts";
import type { FaultInput } from "./read-fault.ts";
import { readServerSentEvents } from "./server-sent-events.ts";
import type {
  ArmedFaultView,
  CallbackFilter,
  CallbackView,
  HistoryFilter,
  PartnerView,
  Settlement,
  SubmissionFilter,
  SubmissionView,
} from "./views.ts";
import { type EventCondition, type WaitOptions, waitFor } from "./wait-for.ts";

export interface PartnerClientOptions {
  /** For an API that asks for one. */
  token?: string;
  /** Bound of each call but `events` and `waitFor`. Default 10 s. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;

export class PartnerClient implements PartnerControl {
  readonly #base: string;
  readonly #headers: Record<string, string>;
  readonly #timeoutMs: number;

  /** `url`: as `neverfails serve` prints it behind `control`. */
  constructor(url: string, { token, timeoutMs = TIMEOUT_MS }: PartnerClientOptions = {}) {
    this.#base = url.replace(/\/+$/, "");
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.#timeoutMs = timeoutMs;
  }

  about(): Promise<PartnerView> {
    return this.#call("GET", "/partner");
  }

  readonly faults: PartnerControl["faults"] = {
    list: async () => (await this.#call<{ faults: ArmedFaultView[] }>("GET", "/faults")).faults,
    add: (fault: FaultInput) => this.#call("POST", "/faults", fault),
    remove: (id) => this.#call("DELETE", `/faults/${encodeURIComponent(id)}`),
    heal: () => this.#call("DELETE", "/faults"),
  };

  async submissions(filter: SubmissionFilter = {}): Promise<SubmissionView[]> {
    const path = `/submissions${query(filter)}`;
    return (await this.#call<{ submissions: SubmissionView[] }>("GET", path)).submissions;
  }

  submission(id: string): Promise<SubmissionView> {
    return this.#call("GET", `/submissions/${encodeURIComponent(id)}`);
  }

  settle(id: string, settlement: Settlement): Promise<SubmissionView> {
    return this.#act(id, "settle", settlement);
  }

  stick(id: string): Promise<SubmissionView> {
    return this.#act(id, "stick");
  }

  lose(id: string): Promise<SubmissionView> {
    return this.#act(id, "lose");
  }

  redeliver(id: string): Promise<void> {
    return this.#act(id, "redeliver");
  }

  async callbacks(filter: CallbackFilter = {}): Promise<CallbackView[]> {
    const path = `/callbacks${query(filter)}`;
    return (await this.#call<{ callbacks: CallbackView[] }>("GET", path)).callbacks;
  }

  history(filter: HistoryFilter = {}): Promise<HistoryPage> {
    return this.#call("GET", `/history${query(filter)}`);
  }

  /** Ends when `signal` aborts or the iteration is left. Throws ControlError when the partner ended it. */
  async *events({ after, signal }: FollowOptions = {}): AsyncGenerator<HistoryEvent, void, undefined> {
    const leave = new AbortController();
    const stop = signal ? AbortSignal.any([signal, leave.signal]) : leave.signal;
    try {
      const response = await fetch(`${this.#base}/history/live${query({ after })}`, {
        headers: { ...this.#headers, accept: "text/event-stream" },
        signal: stop,
      });
      if (!response.ok || response.body === null) throw await errorOf(response);
      for await (const { event, data } of readServerSentEvents(response.body)) {
        if (event === "end") throw new ControlError(410, (JSON.parse(data) as { reason: string }).reason);
        yield JSON.parse(data) as HistoryEvent;
      }
    } catch (cause) {
      if (!signal?.aborted) throw cause;
    } finally {
      leave.abort();
    }
  }

  waitFor(condition: EventCondition, options?: WaitOptions): Promise<HistoryEvent> {
    return waitFor((from) => this.events(from), condition, options);
  }

  reset(): Promise<void> {
    return this.#call("POST", "/reset");
  }

  #act<Answer>(id: string, action: string, body?: unknown): Promise<Answer> {
    return this.#call("POST", `/submissions/${encodeURIComponent(id)}/${action}`, body);
  }

  async #call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      headers: { ...this.#headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: "error",
      signal: AbortSignal.timeout(this.#timeoutMs),
    });
    if (!response.ok) throw await errorOf(response);
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  }
}

function query(filter: object): string {
  const entries = Object.entries(filter).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(
    entries.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return text === "" ? "" : `?${text}`;
}

async function errorOf(response: Response): Promise<ControlError> {
  const text = await response.text();
  try {
    const { detail, errors } = JSON.parse(text) as { detail: string; errors?: ControlMistake[] };
    return new ControlError(response.status, detail, errors);
  } catch {
    return new ControlError(response.status, `answered ${response.status}: ${text.slice(0, 200)}`);
  }
}
