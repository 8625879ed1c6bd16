// Is the system there? Asks its readiness path until the answer is 2xx.
import { connect } from "node:net";
import { request } from "undici";
import { sleep } from "../../lib/wait.ts";

export interface ReadinessOptions {
  /** Complete URL of the readiness check. */
  url: string;
  withinMs: number;
  /** Ends the waiting early: the process died, or somebody gave up. */
  signal: AbortSignal;
}

export type Readiness = { ready: true } | { ready: false; lastAnswer: string };

const EVERY_MS = 50;
const REQUEST_MS = 1_000;

/** Never rejects. `lastAnswer` tells what the last try met. */
export async function waitUntilReady({ url, withinMs, signal }: ReadinessOptions): Promise<Readiness> {
  const due = performance.now() + withinMs;
  let lastAnswer = "nothing";
  while (!signal.aborted) {
    const rest = due - performance.now();
    if (rest <= 0) break;
    const answer = await ask(url, Math.min(rest, REQUEST_MS), signal);
    if (typeof answer === "number" && answer >= 200 && answer <= 299) return { ready: true };
    lastAnswer = typeof answer === "number" ? `HTTP ${answer}` : answer;
    await sleep(EVERY_MS, signal);
  }
  return { ready: false, lastAnswer };
}

async function ask(url: string, timeoutMs: number, signal: AbortSignal): Promise<number | string> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(timeoutMs))]);
    // `reset`: a kept-alive connection would make some servers wait for it when they stop.
    const { statusCode, body } = await request(url, { signal: limit, reset: true });
    await body.dump();
    return statusCode;
  } catch (cause) {
    const { code, name, message } = cause as NodeJS.ErrnoException;
    if (code === "ECONNREFUSED") return "connection refused";
    return name === "TimeoutError" ? "no answer in time" : (code ?? message);
  }
}

/** True when something listens there already. */
export function isTaken(url: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ""),
      port: Number(port) || (protocol === "https:" ? 443 : 80),
      timeout: REQUEST_MS,
    });
    const end = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}
