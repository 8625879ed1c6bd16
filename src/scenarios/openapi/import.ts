// An OpenAPI document as a contract, with everything that had to be assumed.
import type { Problem, Result } from "../../lib/problem.ts";
import { type Assume, type Assumption, assumption } from "./assumption.ts";
import { authOf } from "./credentials.ts";
import { type OpenApiDocument, readDocument } from "./document.ts";
import { asMap, asText, type Json } from "./json.ts";
import { chooseReport, chooseStatus, chooseSubmit, label, type Operation } from "./operations.ts";
import { importReport, reportedBy } from "./report.ts";
import { importStatus, statedBy } from "./status.ts";
import { importSubmit, type Sample } from "./submit.ts";

/** What the user has decided already: operations by name, and the caller's reference. */
export interface Choices {
  submit?: string | undefined;
  /** `none`: this partner cannot be asked, whatever the document says. */
  status?: string | undefined;
  callback?: string | undefined;
  key?: string | undefined;
}

export interface Imported {
  /** As partner.yaml would say it. */
  contract: Json;
  assumptions: Assumption[];
  sample: Sample;
}

export type { Sample };

export async function importFile(file: string, choices: Choices): Promise<Result<Imported>> {
  const document = await readDocument(file);
  return document.ok ? importContract(document.value, choices) : document;
}

export async function importContract(document: OpenApiDocument, choices: Choices): Promise<Result<Imported>> {
  const assumptions: Assumption[] = [];
  const assume: Assume = (path, value, why) => void assumptions.push(assumption(path, value, why));
  const problems: Problem[] = [];
  const chosen = chooseSubmit(document, choices.submit);
  if (!chosen.ok) return { ok: false, problems: [chosen.problem] };
  const operation = chosen.operation;
  const found = choices.status === "none" ? undefined : chooseStatus(document, operation, choices.status);
  const report =
    choices.callback === "none" ? undefined : chooseReport(document, operation, choices.callback);
  for (const choice of [found, report?.choice]) if (choice && !choice.ok) problems.push(choice.problem);
  const statusOperation = found?.ok ? found.operation : undefined;
  const reportOperation = report?.choice.ok ? report.choice.operation : undefined;
  const submit = await importSubmit({ document, operation, statusOperation, key: choices.key, assume });
  if (!submit.ok) return { ok: false, problems: [...problems, ...submit.problems] };
  if (problems.length > 0) return { ok: false, problems };

  const auth = authOf(document, operation, assume);
  const { resource } = submit.value;
  const stated = [
    reportOperation && reportedBy(document, reportOperation, resource),
    statusOperation && statedBy(document, statusOperation, resource),
  ].filter((field) => field !== undefined);
  // A route that lists the results knows more than one that only has a place for them.
  const listed = stated.find(({ isKnown }) => isKnown);
  const outcomes = listed?.outcomes ?? { approved: "90%", denied: "10%" };
  const common = { document, submit: submit.value, outcomes, assume };
  const callback = reportOperation && (await importReport({ ...common, operation: reportOperation }));
  if (callback && !callback.ok) return callback;
  if (callback) describeOthers(report?.others ?? [], reportOperation, assume);
  const status = statusOperation && (await importStatus({ ...common, operation: statusOperation }));
  const hasResult = callback !== undefined || status !== undefined;
  assumeSilence({ assume, outcomes, hasResult, isListed: listed !== undefined });
  const contract: Json = {
    name: asText(String(asMap(document.data.info).title ?? "").trim()) ?? "Partner",
    ...(auth && { auth }),
    submit: submit.value.contract,
    process: { takes: "100ms..400ms", outcomes, promises: "2s" },
    ...(status && { status }),
    ...(callback && { callback: callback.value.contract }),
  };
  const sample = { ...submit.value.sample, callback: callback?.value.address };
  return { ok: true, value: { contract, assumptions, sample } };
}

function describeOthers(others: readonly Operation[], chosen: Operation | undefined, assume: Assume): void {
  if (others.length === 0 || !chosen) return;
  const names = others.slice(0, 8).map(label).join(", ");
  assume(
    "callback",
    label(chosen),
    `taken as the report of the result; the document also has ${names}; choose with callback: <name>`,
  );
}

interface Silence {
  assume: Assume;
  outcomes: Json;
  hasResult: boolean;
  isListed: boolean;
}

function assumeSilence({ assume, outcomes, hasResult, isListed }: Silence): void {
  const shares = isListed
    ? "the document lists the results, not how often each comes"
    : hasResult
      ? "the document does not list the results"
      : "the document has no callback, no webhook and no status route that states a result";
  assume("process.outcomes", outcomes, shares);
  assume(
    "process.takes",
    "100ms..400ms",
    "the document does not say how long the work takes; short, so that runs are",
  );
  assume("process.promises", "2s", "the document does not say within which time a result is reported");
}
