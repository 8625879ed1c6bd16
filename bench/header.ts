// The header of a history that only a benchmark writes.
import { DEFAULT_BOUNDS, HISTORY_VERSION, type HistoryHeader } from "../src/history/header.ts";

export function header(): HistoryHeader {
  return {
    neverfailsHistory: HISTORY_VERSION,
    run: "bench",
    seed: "bench",
    startedAt: new Date(0).toISOString(),
    scenario: { id: "bench", title: "bench", tags: [], expect: {}, waives: {}, bounds: DEFAULT_BOUNDS },
    faults: [],
    partner: {
      name: "Bench",
      promisesMs: 1_000,
      outcomes: ["approved"],
      callsBack: false,
      answersStatus: false,
      idempotent: true,
      signs: "none",
    },
    system: {
      name: "bench",
      noun: "claim",
      observesEffects: false,
      channels: [],
      canary: false,
      signals: [],
      logs: false,
      operatorReplay: false,
      owned: false,
    },
  };
}
