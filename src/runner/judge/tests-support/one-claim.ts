// Histories about one claim, CLM-0001, for checks that look at one transaction.
import type { EventBody } from "../../../history/event.ts";
import type { HistoryHeader } from "../../../history/header.ts";
import type { SceneOptions } from "./history-builder.ts";
import { framed, type Scene } from "./passing-histories.ts";

export const key = "CLM-0001";

/** It is started at 1000; its requests are the test's. */
export function started(tell: (scene: Scene) => Scene, options: SceneOptions = { faults: [{}] }) {
  return framed(options, (s) => tell(s.start(key, 1_000)));
}

/** It is started at 1000, accepted at 1021 and decided as approved at 1220; what follows is the test's. */
export function decided(tell: (scene: Scene) => Scene, options: SceneOptions = { faults: [{}] }) {
  return started((s) => tell(s.submit(key, 1_020).decide(key, 1_220).fire(key, 1_220)), options);
}

/** Attempts at the given times, all answered with 503 after 2 ms. */
export function attempts(times: readonly number[], extra: { status?: number; retryAfterMs?: number } = {}) {
  return (s: Scene) =>
    times.reduce((scene, t, i) => scene.submit(key, t, { attempt: i + 1, status: 503, ...extra }), s);
}

/** The harness killed the system. */
export const EXIT = {
  kind: "system.exited",
  code: null,
  signal: "SIGKILL",
  expected: true,
  logTail: [],
} satisfies EventBody;

/** As `decided`, of a system that shows no states. */
export function noInspect(tell: (scene: Scene) => Scene) {
  const history = decided(tell);
  const { states: _, ...system } = history.header.system;
  return { ...history, header: { ...history.header, system } satisfies HistoryHeader };
}
