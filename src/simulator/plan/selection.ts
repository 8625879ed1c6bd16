// Which transactions a fault hits: `on` resolved to ordinals, the control group left out.
import { choose } from "../../lib/choice.ts";
import { compileExpression } from "../../lib/expression.ts";
import type { PlannedTransaction, Selection } from "./schedule.ts";

/** What keyed choices of one fault use depend on. */
export interface Dice {
  seed: string;
  scenario: string;
  /** Index of the fault use. */
  fault: number;
}

/**
 * Ordinals in ascending order. `first 3`, `every 4th` and lists count the transactions that may be faulted; a share
 * takes those with the smallest keyed numbers, at least one.
 */
export async function selectOrdinals(
  selection: Selection,
  transactions: readonly PlannedTransaction[],
  dice: Dice,
): Promise<number[]> {
  const candidates = transactions.filter(({ control }) => !control).sort((a, b) => a.ordinal - b.ordinal);
  const chosen = await pick(selection, candidates, dice);
  return chosen.map(({ ordinal }) => ordinal);
}

async function pick(
  selection: Selection,
  candidates: PlannedTransaction[],
  dice: Dice,
): Promise<PlannedTransaction[]> {
  switch (selection.kind) {
    case "all":
      return candidates;
    case "share": {
      const size = Math.max(1, Math.round(candidates.length * selection.share));
      const ranked = candidates.map(({ ordinal }) => draw(dice, ordinal)).sort((a, b) => a - b);
      const last = ranked[Math.min(size, ranked.length) - 1] ?? -1;
      return candidates.filter(({ ordinal }) => draw(dice, ordinal) <= last);
    }
    case "first":
      return candidates.slice(0, selection.count);
    case "every":
      return candidates.filter((_, i) => (i + 1) % selection.nth === 0);
    case "list":
      return candidates.filter((_, i) => selection.ordinals.includes(i + 1));
    case "where": {
      const expression = compileExpression(selection.expression);
      const answers = await Promise.all(
        candidates.map(({ start, ordinal }) =>
          expression.evaluate({ values: { start, transaction: { ordinal } } }),
        ),
      );
      return candidates.filter((_, i) => answers[i] === true);
    }
  }
}

/**
 * The same question for one transaction of a partner without a driver, whose ordinal is its order of arrival.
 * What counts (`first 3`) counts those that arrive after the first `before`.
 */
export function selectsArrival(selection: Selection, ordinal: number, dice: Dice, before = 0): boolean {
  const nth = ordinal - before;
  switch (selection.kind) {
    case "all":
      return true;
    case "share":
      return draw(dice, ordinal) < selection.share;
    case "first":
      return nth >= 1 && nth <= selection.count;
    case "every":
      return nth >= 1 && nth % selection.nth === 0;
    case "list":
      return selection.ordinals.includes(nth);
    case "where":
      // Nobody tells what was sent to start it.
      return false;
  }
}

/** Its 0-based position among those that `selectsArrival` selects; undefined where only counting can tell. */
export function rankOfArrival(selection: Selection, ordinal: number, before = 0): number | undefined {
  const nth = ordinal - before;
  if (nth < 1) return undefined;
  switch (selection.kind) {
    case "all":
    case "first":
      return nth - 1;
    case "every":
      return nth / selection.nth - 1;
    case "list":
      return [...selection.ordinals].sort((a, b) => a - b).indexOf(nth);
    case "share":
    case "where":
      return undefined;
  }
}

function draw({ seed, scenario, fault }: Dice, ordinal: number): number {
  return choose(seed, scenario, "select", fault, ordinal);
}
