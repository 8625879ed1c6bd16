// Renders a template as the partner would, for checks before anything runs.
import { dataFunctions } from "../../lib/business-data.ts";
import { compileTemplate } from "../../lib/template.ts";
import { SAMPLE_KEY } from "./key.ts";

export interface TrialOptions {
  /** The submission's id. */
  id: string;
  outcome: string | null;
  body: unknown;
}

/** Never rejects: what cannot be rendered is an error in words. */
export async function renderTrial(
  template: unknown,
  { id, outcome, body }: TrialOptions,
): Promise<{ value: unknown } | { error: string }> {
  const at = "2026-01-15T09:30:00.000Z";
  const submission = {
    id,
    key: SAMPLE_KEY,
    ordinal: 1,
    state: outcome === null ? "processing" : "settled",
    outcome,
    reason: null,
    acceptedAt: at,
    decidedAt: outcome === null ? null : at,
    body,
  };
  const delivery = { id: "evt_a1b2c30001", attempt: 1, at };
  const values = { submission, transaction: submission, body, headers: {}, params: {}, delivery };
  try {
    const scope = { values, functions: dataFunctions("1", SAMPLE_KEY) };
    return { value: await compileTemplate(template).render(scope) };
  } catch (cause) {
    return { error: cause instanceof Error ? cause.message : String(cause) };
  }
}
