// The fault catalogue as Markdown, from the code: docs/faults.md.
import { describeFaults, type ListedFault } from "../../src/cli/list-faults.ts";
import type { OnsetRule } from "../../src/history/header.ts";
import { headingOf, QUESTIONS } from "../../src/scenarios/questions.ts";
import { type FaultName, faultNamed } from "../../src/simulator/faults/catalogue.ts";
import { describeUse, targets } from "../../src/simulator/faults/describe.ts";
import { mutations } from "../../src/simulator/payload/catalogue.ts";
import { code, markdownTable, sentence } from "./markdown.ts";

const ONSETS: Record<OnsetRule, string> = {
  attempt: "the first time that it happens to the transaction",
  start: "the start of the transaction",
  promise: "the end of the promised time",
  delivery: "the first delivery that the fault shaped",
  "second-delivery": "the second delivery",
  poll: "the first status reply that the fault shaped",
  signal: "the signal, for every transaction that is in flight",
  none: "none, because the partner breaks no promise by it",
  correction: "the correction",
};

/** A heading for each question, a section for each fault. */
export function faultSections(): string {
  const listed = describeFaults();
  return Object.keys(QUESTIONS)
    .flatMap((question) => [
      `## ${headingOf(question)}`,
      ...listed.filter((fault) => fault.question === question).map(faultSection),
    ])
    .join("\n\n");
}

function faultSection({ name, summary, settings }: ListedFault): string {
  const { onset, spares, selfHealing } = describeUse({ fault: name as FaultName, settings: {} });
  const remarks = [
    `Onset: ${ONSETS[onset]}.`,
    ...(spares ? [] : [whomItHits({ fault: name as FaultName, settings: {} })]),
    ...(selfHealing && onset !== "none" ? ["Over by itself, so recovery counts from the onset."] : []),
  ];
  const rows = settings.map((setting) => [
    code(setting.name),
    takes(name as FaultName, setting),
    setting.default === undefined ? "" : code(String(setting.default)),
    setting.description ?? "",
  ]);
  return [
    `### ${code(name)}`,
    `${sentence(summary)} ${remarks.join(" ")}`,
    ...(rows.length === 0 ? [] : [markdownTable(["setting", "takes", "default", "meaning"], rows)]),
  ].join("\n\n");
}

function whomItHits(use: Parameters<typeof targets>[0]): string {
  return targets(use)
    ? "Hits once and spares nobody; `on` says whose event is the moment, the first of them."
    : "Hits everyone: nobody can be spared, so leave `on` out.";
}

/** Durations are texts to JSON Schema; what a setting accepts tells more. */
function takes(name: FaultName, setting: ListedFault["settings"][number]): string {
  const schema = faultNamed(name).settings.shape[setting.name];
  const accepts = (value: unknown) => schema?.safeParse(value).success ?? false;
  if (accepts("no duration") || !accepts("1s")) return words(setting);
  if (accepts("after-accept")) return "`after-accept`, `on-callback`, duration";
  return accepts("1s..2s") ? "duration, range or `{ lognormal }`" : "duration";
}

function words({ name, takes }: ListedFault["settings"][number]): string {
  if (name === "mutation") return "[a mutation](#mutations)";
  return takes
    .split(" | ")
    .map((word) => TYPES[word] ?? code(word))
    .join(", ");
}

const TYPES: Record<string, string> = {
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "true, false",
  object: "object",
};

/** What `payload.malformed` can do to a payload. */
export function mutationTable(): string {
  const rows = Object.entries(mutations).map(([name, mutation]) => [
    code(name),
    WORKS_ON[mutation.kind],
    mutation.harmless ? "yes" : "no",
  ]);
  return markdownTable(["mutation", "works on", "harmless"], rows);
}

const WORKS_ON = { bytes: "the bytes", document: "the whole document", field: "one field" } as const;
