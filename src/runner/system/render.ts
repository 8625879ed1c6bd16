// The templates of `system:` filled in: address, program and environment.
import { dataFunctions } from "../../lib/business-data.ts";
import { compileTemplate } from "../../lib/template.ts";
import type { SystemConfig } from "../../scenarios/types.ts";

type ProcessConfig = Extract<SystemConfig, { kind: "process" }>;

export interface RenderedProgram {
  program: string;
  args: string[];
  env: Record<string, string>;
}

/** Base URL without a slash at its end. Throws ExpressionError for an unknown name. */
export async function renderUrl(
  { url }: Pick<SystemConfig, "url">,
  names: Record<string, unknown>,
): Promise<string> {
  return String(await render(url, names)).replace(/\/+$/, "");
}

/** Throws ExpressionError for an unknown name. */
export async function renderProgram(
  { command, env }: ProcessConfig,
  names: Record<string, unknown>,
): Promise<RenderedProgram> {
  const [program = "", ...args] = ((await render(command, names)) as unknown[]).map(String);
  const values = (await render(env, names)) as Record<string, unknown>;
  return {
    program,
    args,
    env: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])),
  };
}

async function render(template: unknown, values: Record<string, unknown>): Promise<unknown> {
  return compileTemplate(template).render({ values, functions: dataFunctions("system", "system") });
}
