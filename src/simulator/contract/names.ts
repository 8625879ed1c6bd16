// Which names each template and expression of a contract may use: data for checks before anything runs.

/** `true` = a value with anything below it; an object = exactly these below it. */
export type ContractNames = { readonly [name: string]: true | ContractNames };

const SUBMISSION: ContractNames = {
  id: true,
  key: true,
  ordinal: true,
  state: true,
  stage: true,
  outcome: true,
  reason: true,
  acceptedAt: true,
  decidedAt: true,
  body: true,
};
const TRANSACTION: ContractNames = { key: true, id: true, ordinal: true };
const SYSTEM: ContractNames = { url: true };
const REPORT: ContractNames = {
  submission: SUBMISSION,
  transaction: TRANSACTION,
  body: true,
  system: SYSTEM,
};

const DELIVERED: ContractNames = {
  ...REPORT,
  delivery: { id: true, attempt: true, at: true, stage: true },
};

export interface ContractPlace {
  /** Where it stands in the contract. */
  path: readonly (string | number)[];
  /** `template`: texts with `{{ }}`; `expression`: without; `address`: a URL, a text with `{{ }}`, or an expression. */
  holds: "template" | "expression" | "address";
  names: ContractNames;
}

/** Every place of a contract that holds expressions. */
export const CONTRACT_PLACES: readonly ContractPlace[] = [
  { path: ["submit", "key"], holds: "expression", names: { body: true, headers: true, params: true } },
  {
    path: ["submit", "reply"],
    holds: "template",
    names: { submission: SUBMISSION, body: true, headers: true, params: true },
  },
  { path: ["status", "reply"], holds: "template", names: { submission: SUBMISSION, params: true } },
  { path: ["callback", "to"], holds: "address", names: { ...REPORT, headers: true, query: true } },
  { path: ["callback", "json"], holds: "template", names: DELIVERED },
  { path: ["callback", "headers"], holds: "template", names: DELIVERED },
];

/** The same of a contract with that many stages. */
export function stagePlaces(stages: number): ContractPlace[] {
  return Array.from({ length: stages }, (_, i) =>
    ["json", "headers"].map(
      (part): ContractPlace => ({
        path: ["stages", i, "callback", part],
        holds: "template",
        names: DELIVERED,
      }),
    ),
  ).flat();
}

const URL_START = /^[a-z][a-z0-9+.-]*:\/\//i;

/** True for a `callback.to` that is text (a URL, or with `{{ }}`), false for an expression such as body.callbackUrl. */
export function isAddressText(to: string): boolean {
  return to.includes("{{") || URL_START.test(to);
}
