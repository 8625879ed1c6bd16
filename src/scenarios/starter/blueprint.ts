// What the sample service has to know to speak a contract: routes, a request, and where replies and results say what.

import type { Sample } from "../openapi/import.ts";
import { asMap, type Json } from "../openapi/json.ts";
import { SAMPLE_KEY } from "../openapi/key.ts";
import { findLeaf } from "../openapi/tree.ts";
import { renderTrial } from "../openapi/trial.ts";

export interface Blueprint {
  submitPath: string;
  /** `:id` stands for the partner's id. */
  statusPath: string | undefined;
  sample: Sample;
  idempotencyHeader: string | undefined;
  auth: "none" | "bearer" | "basic" | "apiKey" | "oauth2";
  /** Header of an API key. */
  authHeader: string | undefined;
  /** Where the partner's id stands in the reply to a submission. */
  idAt: string[] | undefined;
  status: Stated;
  callback: (Stated & { keyAt: string[] | undefined; idAt: string[] | undefined }) | undefined;
  outcomes: string[];
  states: States;
}

/** What the sample service calls an order that has no result, by what it means. */
export type States = Record<"received" | "submitted" | "overdue" | "refused", string>;

/** Where a message states the result: the value at a path → the contract's outcome. */
export interface Stated {
  outcomeAt: string[] | undefined;
  means: Record<string, string>;
}

const ID = "4711001";

/** `contract`: as partner.yaml would say it. */
export async function blueprintOf(contract: Json, sample: Sample): Promise<Blueprint> {
  const submit = asMap(contract.submit);
  const status = contract.status === undefined ? undefined : asMap(contract.status);
  const callback = contract.callback === undefined ? undefined : asMap(contract.callback);
  const outcomes = Object.keys(asMap(asMap(contract.process).outcomes));
  const auth = asMap(contract.auth);
  const body = sample.body;
  const rendered = async (template: unknown, outcome: string | null) => {
    const trial = await renderTrial(template, { id: ID, outcome, body });
    return "error" in trial ? undefined : trial.value;
  };
  const stated = async (template: unknown): Promise<Stated> => {
    const values = await Promise.all(outcomes.map((outcome) => rendered(template, outcome)));
    const other = values[1] ?? (await rendered(template, null));
    const outcomeAt = findLeaf(
      values[0],
      (value, path) =>
        JSON.stringify(value) !== JSON.stringify(readAt(other, path)) && !/T\d\d:/.test(String(value)),
    );
    if (!outcomeAt) return { outcomeAt, means: {} };
    return {
      outcomeAt,
      means: Object.fromEntries(
        outcomes.map((outcome, i) => [String(readAt(values[i], outcomeAt)), outcome]),
      ),
    };
  };
  const isId = (value: unknown) => String(value) === ID;
  const report = callback && (await rendered(callback.json, outcomes[0] ?? null));
  return {
    submitPath: withoutParameters(String(submit.post)),
    statusPath: status && withoutParameters(String(status.get)),
    sample,
    idempotencyHeader: asMap(submit.idempotency).header as string | undefined,
    auth: (Object.keys(auth)[0] as Blueprint["auth"] | undefined) ?? "none",
    authHeader: asMap(auth.apiKey).header as string | undefined,
    idAt: findLeaf(await rendered(asMap(submit.reply).json, null), isId),
    status: status ? await stated(asMap(status.reply).json) : { outcomeAt: undefined, means: {} },
    callback: callback && {
      ...(await stated(callback.json)),
      keyAt: findLeaf(report, (value) => value === SAMPLE_KEY),
      idAt: findLeaf(report, isId),
    },
    outcomes,
    states: statesBeside(outcomes),
  };
}

/** A state and a result of one name could not be told apart. */
export function statesBeside(outcomes: readonly string[]): States {
  const free = (word: string): string => (outcomes.includes(word) ? free(`own-${word}`) : word);
  return {
    received: free("received"),
    submitted: free("submitted"),
    overdue: free("overdue"),
    refused: free("refused"),
  };
}

function readAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, step) : undefined),
    value,
  );
}

/** `/merchants/:merchant/payments/:id` → `/merchants/merchant-1/payments/:id`. */
function withoutParameters(path: string): string {
  return path.replaceAll(/(?<=\/):(?!id(?:\/|$))(\w+)/g, "$1-1");
}
