// neverfails.yaml → Config: its shape, its expressions, its contract, and what the parts say about one another.
import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Means } from "../../history/event.ts";
import type { Result } from "../../lib/problem.ts";
import { toCall } from "../call-schema.ts";
import { type ConfigInput, configSchema } from "../config-schema.ts";
import type { Config, Signal, SystemConfig, Workflow } from "../types.ts";
import { SHIPPED } from "./catalogue.ts";
import { toClaims } from "./claims.ts";
import { checkConfig } from "./config-checks.ts";
import { checkConfigExpressions } from "./config-names.ts";
import { type LoadedContract, loadContractAt, loadContractWithAssumptions } from "./contract.ts";
import { lookup } from "./lookup.ts";
import { problemAt, readSource, type Source } from "./source.ts";
import { validate } from "./validate.ts";
import { splitCommand } from "./words.ts";

/** Reads neverfails.yaml and everything that it names. All mistakes of all files at once. */
export async function loadConfig(path: string): Promise<Result<Config>> {
  const read = await readSource(path);
  if (!read.ok) {
    const problems = read.problems.map((problem) =>
      problem.message === "there is no such file"
        ? { ...problem, hint: "name it with --config, or see the examples folder of the package" }
        : problem,
    );
    return { ok: false, problems };
  }
  const source = read.value;
  const parsed = validate(configSchema, { source });
  const partner = await loadPartner(source);
  const problems = [
    ...(parsed.ok ? [] : parsed.problems),
    ...checkConfigExpressions(source),
    ...checkConfig(source, partner.ok ? partner.value.contract : undefined),
    ...(partner.ok ? [] : partner.problems),
  ];
  if (problems.length > 0 || !parsed.ok || !partner.ok) return { ok: false, problems };
  return { ok: true, value: toConfig(parsed.value, source, partner.value) };
}

async function loadPartner(source: Source): Promise<Result<LoadedContract>> {
  const partner = lookup(source.data, ["partner"]);
  if (typeof partner === "string") {
    const loaded = await loadContractWithAssumptions(resolve(dirname(source.file), partner));
    if (loaded.ok) return loaded;
    const problems = loaded.problems.map((problem) =>
      problem.line === undefined ? problemAt(source, ["partner"], `${partner}: ${problem.message}`) : problem,
    );
    return { ok: false, problems };
  }
  if (typeof partner !== "object" || partner === null) return { ok: false, problems: [] };
  return loadContractAt(source, ["partner"]);
}

function toConfig(input: ConfigInput, source: Source, { contract, assumptions }: LoadedContract): Config {
  const dir = dirname(source.file);
  const { canary, ...channels } = input.alerts;
  return {
    file: source.file,
    dir,
    name: input.name ?? "system",
    system: toSystem(input.system, dir),
    partner: contract,
    partnerAssumptions: assumptions,
    ...(typeof input.partner === "string" && { partnerFile: resolve(dir, input.partner) }),
    workflow: toWorkflow(input.workflow),
    channels: Object.entries(channels).map(([name, channel]) => ({
      name,
      kind: channel.kind,
      for: channel.for,
      ...(channel.owner !== undefined && { owner: channel.owner }),
      ...(channel.mapping && { mapping: definedOnly(channel.mapping) }),
    })),
    ...(canary && { canary: toCall(canary) }),
    signals: Object.entries(input.signals).map(
      ([name, { get, headers, ...signal }]): Signal => ({
        name,
        call: toCall({ get, headers }),
        ...definedOnly(signal),
      }),
    ),
    logs: input.logs ?? { from: input.system.command === undefined ? [] : ["stdout", "stderr"] },
    scenarioSources: scenarioSources(input.scenarios, dir),
    claims: toClaims(input.claims),
    ports: definedOnly(input.ports),
  };
}

function toSystem(system: ConfigInput["system"], dir: string): SystemConfig {
  const common = {
    url: system.url ?? DEFAULT_URL,
    ready: { get: system.ready.get, withinMs: system.ready.within },
    stop: { signal: system.stop.signal, withinMs: system.stop.within },
  };
  if (system.command === undefined) return { kind: "attached", ...common, isolation: "suite" };
  const command = typeof system.command === "string" ? splitCommand(system.command) : system.command;
  return {
    kind: "process",
    ...common,
    isolation: system.isolation ?? "scenario",
    command: command ?? [],
    cwd: resolve(dir, system.cwd ?? "."),
    env: system.env ?? {},
  };
}

const DEFAULT_URL = "http://127.0.0.1:{{ system.port }}";

function toWorkflow({
  noun,
  start,
  inspect,
  replay,
  tolerates,
  value,
  fallback,
}: ConfigInput["workflow"]): Workflow {
  return {
    noun,
    start: { ...toCall(start), ...(start.id !== undefined && { id: start.id }) },
    ...(inspect && {
      inspect: {
        call: toCall(inspect),
        state: inspect.state,
        means: Object.fromEntries(
          Object.entries(inspect.means).map(([state, word]) => [state, toMeans(word)]),
        ),
        ...(inspect.effects !== undefined && { effects: inspect.effects }),
        ...(inspect.expectedEffects && { expectedEffects: inspect.expectedEffects }),
      },
    }),
    ...(replay && { replay: toCall(replay) }),
    ...(tolerates !== undefined && { toleratesMs: tolerates }),
    ...(value !== undefined && { value }),
    ...(fallback !== undefined && { fallback }),
  };
}

/** `pending`, `attention`, or the outcome that a state claims. */
export function toMeans(word: string): Means {
  return word === "pending" || word === "attention" ? { kind: word } : { kind: "settled", outcome: word };
}

/** Default: the catalogue of the package, and `scenarios/` beside neverfails.yaml when there is one. */
function scenarioSources(given: readonly string[] | undefined, dir: string): string[] {
  if (given) return given.map((source) => (source === SHIPPED ? SHIPPED : resolve(dir, source)));
  const own = join(dir, "scenarios");
  return statSync(own, { throwIfNoEntry: false })?.isDirectory() ? [SHIPPED, own] : [SHIPPED];
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Leaves out what is undefined, as `exactOptionalPropertyTypes` wants it. */
function definedOnly<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Defined<T>;
}
