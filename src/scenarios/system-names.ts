// `system.url`, `command` and `env` may refer to one another: their order, and their rendering for one instance.
import { dataFunctions } from "../lib/business-data.ts";
import { ExpressionError } from "../lib/expression.ts";
import { UserError } from "../lib/problem.ts";
import { compileTemplate, type Template } from "../lib/template.ts";
import type { CredentialNames } from "../simulator/contract/auth.ts";
import type { Config } from "./types.ts";

/** What the templates of `system:` may see besides one another. */
export interface InstanceNames {
  /** The free port of this instance and its own data folder; absent for an attached system. */
  port?: number;
  dir?: string;
  /** `ca`: the path of a PEM file. */
  partner: { url: string; secret: string; nextSecret: string; ca: string } & CredentialNames;
  /** By channel name. */
  alerts: Record<string, { url: string; base: string; host: string; port: number; key: string }>;
}

export interface RenderedSystem {
  url: string;
  command: string[];
  env: Record<string, string>;
}

/** Dotted name of a thing to render → its value as written. */
export function systemTemplates(
  system: Pick<Config["system"], "url"> & { env?: Record<string, string> },
): Map<string, string> {
  const env = Object.entries(system.env ?? {}).map(([name, text]) => [`system.env.${name}`, text] as const);
  return new Map([["system.url", system.url], ...env]);
}

/**
 * The names in an order in which each comes after everything that it refers to, or a circle as its stations:
 * `["system.env.A", "system.env.B", "system.env.A"]`.
 */
export function renderingOrder(
  templates: ReadonlyMap<string, string>,
): { order: string[] } | { circle: string[] } {
  const needs = new Map([...templates].map(([name, text]) => [name, references(text, templates)]));
  const order: string[] = [];
  for (const name of templates.keys()) {
    const circle = visit(name, []);
    if (circle) return { circle };
  }
  return { order };

  function visit(name: string, trail: readonly string[]): string[] | undefined {
    if (order.includes(name)) return undefined;
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    for (const needed of needs.get(name) ?? []) {
      const circle = visit(needed, [...trail, name]);
      if (circle) return circle;
    }
    order.push(name);
    return undefined;
  }
}

/** Renders the system's own templates for one instance. Throws UserError when an expression fails. */
export async function renderSystem(config: Config, names: InstanceNames): Promise<RenderedSystem> {
  const { system } = config;
  const templates = systemTemplates(system);
  const sorted = renderingOrder(templates);
  if ("circle" in sorted)
    throw mistake(config, "system", `these refer to one another in a circle: ${sorted.circle.join(" → ")}`);
  const { partner, alerts, ...instance } = names;
  const env: Record<string, string> = {};
  const values = { partner, alerts, system: { ...instance, env } as Record<string, unknown> };
  const functions = dataFunctions("system", config.name);
  const render = async (path: string, text: string) => {
    try {
      const value = await compileTemplate(text).render({ values, functions });
      return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
    } catch (cause) {
      if (cause instanceof ExpressionError) throw mistake(config, path, cause.message, cause);
      throw cause;
    }
  };
  for (const name of sorted.order) {
    const text = await render(name, templates.get(name) ?? "");
    if (name === "system.url") values.system.url = text;
    else env[name.slice("system.env.".length)] = text;
  }
  const command: string[] = [];
  for (const [i, word] of (system.kind === "process" ? system.command : []).entries()) {
    command.push(await render(`system.command[${i}]`, word));
  }
  return { url: String(values.system.url).replace(/\/+$/, ""), command, env };
}

/** Which of the templates a text refers to; `system` or `system.env` as a whole refers to all of them. */
function references(text: string, templates: ReadonlyMap<string, string>): string[] {
  const paths = safely(text).expressions.flatMap((expression) => expression.paths);
  return paths.flatMap((path) => {
    const name = path.join(".");
    if (templates.has(name)) return [name];
    return [...templates.keys()].filter(
      (known) => known.startsWith(`${name}.`) || name.startsWith(`${known}.`),
    );
  });
}

/** A text that does not parse refers to nothing; its own problem says so. */
function safely(text: string): Template {
  try {
    return compileTemplate(text);
  } catch (cause) {
    if (cause instanceof ExpressionError) return { expressions: [], render: () => text };
    throw cause;
  }
}

function mistake(config: Config, path: string, message: string, cause?: unknown): UserError {
  return new UserError([{ file: config.file, path, message }], { cause });
}
