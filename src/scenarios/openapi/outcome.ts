// Where a message states the result, and which results there are.
import { plainName } from "./json.ts";
import { literal } from "./literal.ts";
import type { Field } from "./shape.ts";
import { meaningsOf, sharesOf } from "./words.ts";

export interface OutcomeField {
  path: string[];
  /** The contract's `process.outcomes`. */
  outcomes: Record<string, string>;
  /** What the field holds once it is decided: a template. */
  template: string;
  /** True when the document lists the results. */
  isKnown: boolean;
}

const DECISION = /^(outcome|result|decision|verdict|disposition|determination|resolution|adjudication)/;
const STATUS = /(status|state)$/;
const EVENT = /^(type|event|eventtype|eventname|eventkind|topic|kind)$/;
const YES_OR_NO = /^(is)?(approved|success|successful|succeeded|paid|accepted|passed|granted)$/;

/** The best of what is there; undefined when nothing looks like a result. */
export function findOutcomeField(fields: readonly Field[]): OutcomeField | undefined {
  const named = (pattern: RegExp) => fields.filter(({ path }) => pattern.test(plainName(path.at(-1) ?? "")));
  const words = [
    ...named(DECISION).map((field) => wordField(field, true)),
    ...named(STATUS).map((field) => wordField(field, false)),
  ];
  const found =
    words.find((field) => field !== undefined) ??
    named(EVENT).map(eventField).find(Boolean) ??
    named(YES_OR_NO).map(yesOrNo).find(Boolean);
  if (found) return found;
  const [open] = [...named(DECISION), ...named(STATUS)].filter(
    ({ shape }) => shape.types.includes("string") && shape.values.length === 0,
  );
  if (!open) return undefined;
  return { path: open.path, outcomes: { approved: "90%", denied: "10%" }, template: WORD, isKnown: false };
}

const WORD = "{{ submission.outcome }}";

function wordField({ path, shape }: Field, isDecision: boolean): OutcomeField | undefined {
  const { good, bad, other } = meaningsOf(textsOf(shape.values));
  const isOnlyOver =
    good.length + bad.length === 1 &&
    /^(settled|completed?|processed|done|final|finished|closed)$/.test(plainName(good[0] ?? ""));
  // A decision may be worded in any way; a status is a result only where its word is known for one.
  const outcomes = sharesOf(good, isDecision ? [...bad, ...other.filter(isWord)] : bad);
  if (Object.keys(outcomes).length === 0 || (isOnlyOver && !isDecision)) return undefined;
  return { path, outcomes, template: WORD, isKnown: true };
}

/** `payment.succeeded`, `payment.failed`: the last word is the result. */
function eventField({ path, shape }: Field): OutcomeField | undefined {
  const values = textsOf(shape.values);
  const parts = values
    .map((value) => /^(.*[._:/-])([^._:/-]+)$/.exec(value))
    .flatMap((match) => (match ? [[match[1] ?? "", match[2] ?? ""] as const] : []));
  for (const prefix of new Set(parts.map(([before]) => before))) {
    const { good, bad } = meaningsOf(parts.filter(([before]) => before === prefix).map(([, word]) => word));
    if (good.length + bad.length < 2) continue;
    return { path, outcomes: sharesOf(good, bad), template: `${literal(prefix)}${WORD}`, isKnown: true };
  }
  return undefined;
}

function yesOrNo({ path, shape }: Field): OutcomeField | undefined {
  if (!shape.types.includes("boolean")) return undefined;
  const outcomes = { approved: "90%", denied: "10%" };
  return { path, outcomes, template: '{{ submission.outcome = "approved" }}', isKnown: true };
}

export function textsOf(values: readonly unknown[]): string[] {
  return values.filter((value): value is string => typeof value === "string" && value !== "");
}

/** "pending" and "attention" are words for what the system does; the contract refuses them as outcomes. */
function isWord(value: string): boolean {
  return !["pending", "attention", "unknown"].includes(plainName(value));
}
