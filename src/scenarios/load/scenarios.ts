// Scenario files → scenarios, all mistakes of all files at once.
import { EXPECTATION_IDS, INVARIANT_IDS } from "../../history/verdict.ts";
import type { Problem, Result } from "../../lib/problem.ts";
import type { Contract } from "../../simulator/contract/contract.ts";
import type { FaultUse } from "../../simulator/plan/schedule.ts";
import { type ScenarioInput, scenarioSchema } from "../scenario-schema.ts";
import type { Config, Scenario } from "../types.ts";
import { findScenarioFiles, type ScenarioFile } from "./catalogue.ts";
import { namesOf } from "./config-names.ts";
import { didYouMean } from "./issues.ts";
import { entriesOf, lookup } from "./lookup.ts";
import { checkExpression } from "./names.ts";
import { checkPerformable } from "./performable.ts";
import { problemAt, readSource, type Source } from "./source.ts";
import { validate } from "./validate.ts";

/** What is known about the system while scenarios are read; absent: channels and the workflow cannot be checked. */
export type KnownConfig = Pick<Config, "channels" | "workflow"> &
  Partial<Pick<Config, "system">> & { partner?: Pick<Contract, "stages"> };

const NOT_YET = {
  measures:
    "`measures` is not in this version; `detects: { through: signal }` asks for a signal that turns unhealthy",
};

/**
 * Every scenario of the sources (absolute folders or files, or the word `shipped`), in a stable order.
 * Of two with the same id the one from the later source wins.
 */
export async function loadScenarios(
  sources: readonly string[],
  config?: KnownConfig,
): Promise<Result<Scenario[]>> {
  const files = await findScenarioFiles(sources);
  if (!files.ok) return files;
  const loaded = await Promise.all(files.value.map((file) => loadScenario(file, config)));
  const problems = loaded.flatMap((result) => (result.ok ? [] : result.problems));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: loaded.flatMap((result) => (result.ok ? [result.value] : [])) };
}

/** One scenario file. */
export async function loadScenario(file: ScenarioFile, config?: KnownConfig): Promise<Result<Scenario>> {
  const source = await readSource(file.file);
  if (!source.ok) return source;
  const parsed = validate(scenarioSchema, { source: source.value, notYet: NOT_YET });
  const problems = [...(parsed.ok ? [] : parsed.problems), ...crossChecks(source.value, file, config)];
  if (!parsed.ok || problems.length > 0) return { ok: false, problems };
  return { ok: true, value: toScenario(parsed.value, file, source.value) };
}

function toScenario(input: ScenarioInput, { id, file, label }: ScenarioFile, source: Source): Scenario {
  const { detects, alerts, recovers, absorbs } = input.expect;
  const { asks, bounds, ...same } = input;
  return {
    ...same,
    id,
    file,
    ...(asks !== undefined && { asks }),
    faults: input.faults.map((use, i): FaultUse => {
      const { line, column } = source.place(["faults", i]);
      return { ...use, position: `${label}:${line}:${column}` };
    }),
    expect: {
      ...(detects && { detects: withoutUndefined({ withinMs: detects.within, through: detects.through }) }),
      ...(alerts && {
        alerts: withoutUndefined({
          withinMs: alerts.within,
          channel: alerts.channel,
          severity: alerts.severity,
          names: alerts.names,
          atMost: alerts.atMost,
          resolves: alerts.resolves && { withinMs: alerts.resolves.within },
        }),
      }),
      ...(recovers && {
        recovers: withoutUndefined({ withinMs: recovers.within, by: recovers.by, to: recovers.to }),
      }),
      ...(absorbs && { absorbs }),
    },
    bounds: {
      attemptsPerSecond: bounds.attemptsPerSecond,
      gapShrink: bounds.gapShrink,
      givesUpMs: bounds.givesUp,
    },
  };
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };
type Compact<T> = Defined<Pick<T, RequiredKeys<T>>> & Partial<Defined<Omit<T, RequiredKeys<T>>>>;
type RequiredKeys<T> = { [Key in keyof T]-?: undefined extends T[Key] ? never : Key }[keyof T];

function withoutUndefined<T extends object>(value: T): Compact<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Compact<T>;
}

/** What the words mean together; on unchecked data, so that it runs beside the mistakes of shape. */
function crossChecks(source: Source, { shipped }: ScenarioFile, config: KnownConfig | undefined): Problem[] {
  const { data } = source;
  const problems: Problem[] = [];
  const faults = lookup(data, ["faults"]);
  const expectations = entriesOf(lookup(data, ["expect"])).map(([key]) => key);
  if (Array.isArray(faults) && faults.length > 0 && expectations.length === 0) {
    const hint = `add expect: with at least one of ${EXPECTATION_IDS.join(", ")}`;
    problems.push(
      problemAt(source, ["faults"], "faults without an expectation: nobody says what should happen", {
        hint,
        part: "key",
      }),
    );
  }
  if (expectations.includes("absorbs") && expectations.includes("alerts")) {
    const message = "contradicts `absorbs: true`, which wakes nobody";
    problems.push(problemAt(source, ["expect", "alerts"], message, { part: "key" }));
  }
  const channel = lookup(data, ["expect", "alerts", "channel"]);
  if (config && typeof channel === "string" && !config.channels.some(({ name }) => name === channel)) {
    const names = config.channels.map(({ name }) => name);
    const known = names.length > 0 ? `known: ${names.join(", ")}` : "neverfails.yaml has no alerts:";
    const hint = didYouMean(channel, names) ?? known;
    problems.push(
      problemAt(source, ["expect", "alerts", "channel"], `there is no channel "${channel}"`, { hint }),
    );
  }
  for (const [id] of entriesOf(lookup(data, ["waives"]))) {
    if (INVARIANT_IDS.some((known) => known === id)) continue;
    const hint = didYouMean(id, INVARIANT_IDS) ?? `known: ${INVARIANT_IDS.join(", ")}`;
    problems.push(problemAt(source, ["waives", id], `there is no invariant "${id}"`, { hint, part: "key" }));
  }
  const uses: unknown[] = Array.isArray(faults) ? faults : [];
  return [
    ...problems,
    ...uses.flatMap((_, i) => [
      ...checkWhere(source, i, config),
      ...checkStage(source, i, config),
      ...(config ? checkPerformable({ source, index: i, config, isShipped: shipped === true }) : []),
    ]),
  ];
}

/** A stage that the contract does not have would never be met. */
function checkStage(source: Source, index: number, config: KnownConfig | undefined): Problem[] {
  const path = ["faults", index, "stage"];
  const given = lookup(source.data, path);
  if (given === undefined || config?.partner === undefined) return [];
  const known = config.partner.stages?.map(({ name }) => name) ?? [];
  const places = Array.isArray(given) ? given.map((name, i) => ({ name, at: [...path, i] })) : [];
  return [...places, { name: given, at: path }].flatMap(({ name, at }) => {
    if (typeof name !== "string" || known.includes(name)) return [];
    const listed =
      known.length > 0 ? `known: ${known.join(", ")}` : "the contract has no stages: leave it out";
    const hint = didYouMean(name, known) ?? listed;
    return [problemAt(source, at, `there is no stage "${name}"`, { hint })];
  });
}

function checkWhere(source: Source, index: number, config: KnownConfig | undefined): Problem[] {
  const path = ["faults", index, "on", "where"];
  const text = lookup(source.data, path);
  if (typeof text !== "string") return [];
  const sent = config?.workflow.start.json ?? config?.workflow.start.form;
  return checkExpression(text, { source, path, names: { start: namesOf(sent) } });
}
