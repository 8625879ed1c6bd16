// Faults that the runner performs need something to perform them on: a process that is ours, a channel that exists.
import type { Problem } from "../../lib/problem.ts";
import { CHANNEL_WORDS } from "../../simulator/faults/alert-channel.ts";
import { FAULT_NAMES, faultNamed } from "../../simulator/faults/index.ts";
import type { Config, Scenario } from "../types.ts";
import { didYouMean } from "./issues.ts";
import { lookup } from "./lookup.ts";
import { problemAt, type Source } from "./source.ts";

export interface PerformableOptions {
  source: Source;
  /** In the list of faults. */
  index: number;
  config: Pick<Config, "channels"> & Partial<Pick<Config, "system">>;
  /** A shipped scenario is left out where it cannot be played; an own one is a mistake. */
  isShipped: boolean;
}

export function checkPerformable({ source, index, config, isShipped }: PerformableOptions): Problem[] {
  const path = ["faults", index];
  const point = pointOf(lookup(source.data, [...path, "fault"]));
  if (point === "system" && config.system?.kind === "attached" && !isShipped) {
    const message = "needs a process to kill or to stop, and neverfails did not start this one";
    const hint = "give neverfails.yaml a system.command, or leave this scenario out";
    return [problemAt(source, [...path, "fault"], message, { hint })];
  }
  return point === "alerts" ? checkChannel(source, [...path, "channel"], config) : [];
}

/** Why a scenario cannot be played with this system, as the end of a sentence; undefined: it can be. */
export function whyLeftOut({ faults }: Pick<Scenario, "faults">, { system }: Pick<Config, "system">) {
  const strikes = faults.some(({ fault }) => faultNamed(fault).point === "system");
  return strikes && system.kind === "attached"
    ? "they kill or stop the system's process, which takes a system.command in neverfails.yaml"
    : undefined;
}

function pointOf(name: unknown): string | undefined {
  const known = FAULT_NAMES.find((candidate) => candidate === name);
  return known && faultNamed(known).point;
}

function checkChannel(
  source: Source,
  path: (string | number)[],
  { channels }: Pick<Config, "channels">,
): Problem[] {
  const channel = lookup(source.data, path);
  const words: readonly string[] = [...channels.map(({ name }) => name), ...CHANNEL_WORDS];
  if (typeof channel !== "string" || words.includes(channel)) return [];
  const hint = didYouMean(channel, words) ?? `known: ${words.join(", ")}`;
  return [problemAt(source, path, `there is no channel "${channel}"`, { hint })];
}
