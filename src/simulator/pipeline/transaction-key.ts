// The key of the transaction that a submission belongs to, as the contract's expression finds it.
import { type Expression, ExpressionError, type Scope } from "../../lib/expression.ts";
import { whenReady } from "../../lib/template.ts";

/** A key longer than this names nothing. */
const LONGEST_KEY = 256;

/** A text or a number that is not empty; undefined where the expression finds nothing else, or fails on this body. */
export function findKey(
  expression: Expression,
  values: Scope["values"],
): string | undefined | Promise<string | undefined> {
  try {
    const found = expression.evaluate({ values });
    return whenReady(found instanceof Promise ? found.catch(nothingFound) : found, asKey);
  } catch (cause) {
    return nothingFound(cause);
  }
}

function asKey(found: unknown): string | undefined {
  const key = typeof found === "number" && Number.isFinite(found) ? String(found) : found;
  return typeof key === "string" && key !== "" && key.length <= LONGEST_KEY ? key : undefined;
}

function nothingFound(cause: unknown): undefined {
  // An expression may fail on a body of an unexpected shape; that is the caller's mistake, and answered as such.
  if (cause instanceof ExpressionError) return undefined;
  throw cause;
}
