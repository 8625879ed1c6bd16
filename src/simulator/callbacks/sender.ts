// The wire of callbacks: one request, one answer, over as many connections as it takes.
import type { Dispatcher, Pool } from "undici";
import type { DeliveryMethod } from "../pipeline-values.ts";
import { describeFailure } from "./failure.ts";

export interface Outgoing {
  /** Absolute, already checked. */
  url: string;
  method: DeliveryMethod;
  headers: Record<string, string>;
  body: Uint8Array;
  /** Called when the request goes out on its connection. */
  onStart: () => void;
}

/** An answer is its status line; a redirect is an answer too, and is not followed. */
export type Answer =
  | { kind: "answered"; status: number; retryAfter: string | undefined }
  | { kind: "unanswered"; reason: string };

export interface Sender {
  /** Never rejects. */
  post(outgoing: Outgoing): Promise<Answer>;
  /** Cuts every connection; what is under way ends unanswered. */
  close(): Promise<void>;
}

/** With fewer connections than the submitting side has, callbacks fall behind by half and more. */
const CONNECTIONS_PER_ORIGIN = 256;
/** Origins come from submissions, so their number is bounded. */
const MAX_ORIGINS = 64;
const LOAD_AHEAD_MS = 250;
const MAX_ANSWER_BYTES = 64 * 1024;
/**
 * Idle connections are dropped well before common servers drop them (2 s and more): a request that meets a closing
 * connection would look like a system that does not answer.
 */
const IDLE_MS = 900;

/** `timeoutMs`: for connecting, and again from the request to the end of the answer. */
export function createSender({ timeoutMs }: { timeoutMs: number }): Sender {
  // Loaded for the first delivery, or when the partner has been listening for a moment: before, it would delay its start.
  let loading: Promise<typeof import("undici")> | undefined;
  const undici = () => {
    loading ??= import("undici");
    return loading;
  };
  const ahead = setTimeout(() => void undici(), LOAD_AHEAD_MS);
  ahead.unref();
  const pools = new Map<string, Pool>();
  let isClosed = false;

  async function poolFor(origin: string): Promise<Pool> {
    const known = pools.get(origin);
    if (known) return known;
    const { Pool } = await undici();
    return pools.get(origin) ?? openPool(origin, Pool);
  }

  function openPool(origin: string, PoolOfUndici: typeof Pool): Pool {
    const [oldest] = pools.size >= MAX_ORIGINS ? pools : [];
    if (oldest) {
      pools.delete(oldest[0]);
      void oldest[1].close();
    }
    const pool = new PoolOfUndici(origin, {
      connections: CONNECTIONS_PER_ORIGIN,
      connect: { timeout: timeoutMs },
      // The timer below is exact; undici's own timers tick twice a second.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
    });
    pools.set(origin, pool);
    return pool;
  }

  return {
    async post(outgoing) {
      const { origin, pathname, search } = new URL(outgoing.url);
      const pool = pools.get(origin) ?? (await poolFor(origin));
      if (isClosed) return { kind: "unanswered", reason: "the partner was closed" };
      return exchange(pool, `${pathname}${search}`, outgoing, timeoutMs);
    },
    async close() {
      isClosed = true;
      clearTimeout(ahead);
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
      pools.clear();
    },
  };
}

function exchange(pool: Pool, path: string, outgoing: Outgoing, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    let hasStarted = false;
    let received = 0;
    const start = () => {
      if (hasStarted) return;
      hasStarted = true;
      outgoing.onStart();
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        start();
        timer = setTimeout(() => controller.abort(new AnswerTimeout(timeoutMs)), timeoutMs);
      },
      onResponseStart(_controller, status, headers) {
        // 1xx announces the answer, it is none.
        if (status < 200) return;
        const retryAfter = headers["retry-after"];
        resolve({
          kind: "answered",
          status,
          retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
        });
      },
      onResponseData(controller, chunk) {
        received += chunk.length;
        if (received > MAX_ANSWER_BYTES) controller.abort(new Error("the answer is too long to be read"));
      },
      onResponseEnd() {
        clearTimeout(timer);
      },
      onResponseError(_controller, error) {
        clearTimeout(timer);
        // Nothing went out (refused, for one), but the try was made: an answer always follows a start.
        start();
        resolve({ kind: "unanswered", reason: describeFailure(error) });
      },
    };
    const { headers, body } = outgoing;
    pool.dispatch({ method: outgoing.method, path, headers, body }, handler);
  });
}

class AnswerTimeout extends Error {
  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
  }
}
