// One abusive request or file and how it was taken.

export type Taken =
  /** Refused with a status below 500, or done because it happened to be valid. */
  | { kind: "answered"; status: number; text: string }
  /** The connection ended without an answer. */
  | { kind: "closed" }
  | { kind: "hung"; afterMs: number };

export interface Row {
  batch: string;
  sent: number;
  refused: number;
  done: number;
  closed: number;
  slowestMs: number;
  /** What must not happen, with what was sent. */
  wrong: string[];
}

export function createRow(batch: string): Row {
  return { batch, sent: 0, refused: 0, done: 0, closed: 0, slowestMs: 0, wrong: [] };
}

/** Frames of a stack, or paths of our own: nothing that a caller should see. */
const INSIDES = /\n\s+at \S|node:internal|\/dist\/|\/node_modules\/|\.ts:\d+/;

/** `mayBe`: statuses from 500 on that are meant. */
export function note(row: Row, what: string, taken: Taken, ms: number, mayBe: readonly number[] = []): void {
  row.sent += 1;
  row.slowestMs = Math.max(row.slowestMs, ms);
  const wrong = (how: string) => row.wrong.push(`${how}: ${JSON.stringify(what.slice(0, 200))}`);
  switch (taken.kind) {
    case "hung":
      wrong(`no answer within ${taken.afterMs} ms`);
      return;
    case "closed":
      row.closed += 1;
      return;
    case "answered":
      if (taken.status >= 500 && !mayBe.includes(taken.status)) wrong(`answered ${taken.status}`);
      if (INSIDES.test(taken.text)) wrong("showed its insides");
      if (taken.status >= 400) row.refused += 1;
      else row.done += 1;
      return;
  }
}
