// The stage of one scenario: history file, alert inbox, partner, system and watchers; opened in order, closed whatever happens.
import { Agent } from "undici";
import type { HistoryEvent } from "../../history/event.ts";
import type { HistoryHeader } from "../../history/header.ts";
import type { OwnedHistoryLog } from "../../history/history.ts";
import { type Clock, createClock } from "../../lib/clock.ts";
import type { Problem } from "../../lib/problem.ts";
import { renderSystem } from "../../scenarios/system-names.ts";
import type { Config, Scenario } from "../../scenarios/types.ts";
import { needTls } from "../../simulator/faults/describe.ts";
import { type Partner, startPartner } from "../../simulator/partner.ts";
import type { Plan } from "../../simulator/plan/plan.ts";
import { type Inbox, startInbox } from "../alerts/inbox.ts";
import type { RunFolder } from "../run-folder.ts";
import { createPlace, removePlace, writeAuthority } from "../system/place.ts";
import type { StartFailure } from "../system/start-failure.ts";
import { type RunningSystem, startSystem } from "../system/system.ts";
import { createMentions, type Nameable } from "../watch/mentions.ts";
import { createDriver, type Driver } from "../workload/driver.ts";
import type { PlannedWorkload } from "../workload/transactions.ts";
import { sendCanary } from "./canary.ts";
import { createCleanup } from "./cleanup.ts";
import { type Evidence, openEvidence } from "./evidence.ts";
import type { Ground } from "./ground.ts";
import { buildHeader } from "./header.ts";
import { watchLag } from "./lag.ts";
import { startWatchers, type Watchers } from "./watchers.ts";

export interface StageOptions {
  scenario: Scenario;
  config: Config;
  seed: string;
  ground: Ground;
  folder: RunFolder;
  historyName: string;
  logName: string;
  workload: PlannedWorkload;
  signal: AbortSignal;
}

export interface Stage {
  readonly clock: Clock;
  readonly header: HistoryHeader;
  readonly history: OwnedHistoryLog;
  readonly partner: Partner;
  readonly driver: Driver;
  readonly inbox: Inbox;
  /** Undefined until it is open. */
  readonly system: RunningSystem | undefined;
  /** While the harness itself keeps the system down: ends when it is up again. */
  down: Promise<void> | undefined;
  /** The armed plan while the fault phase lasts: the driver tells it of each start. */
  plan: Plan | undefined;
  ordinalOf(key: string): number | undefined;
  /** Transactions that a text names. */
  keysIn(text: string): string[];
  /** Starts the system and its watchers. A failure is the system's, not the user's mistake and not ours. */
  open(): Promise<StartFailure | undefined>;
  /** Makes the system send its test alert and waits for it on every channel. */
  canary(withinMs: number, signal: AbortSignal): Promise<void>;
  /** One more sample of everything, and the mark that the history is complete. */
  lastLook(): Promise<void>;
  /** Work that goes on beside the phases; closing waits for it. */
  background(work: Promise<void>): void;
  /** Mistakes in the configuration that only the running system could show, such as a state that is not listed. */
  readonly problems: readonly Problem[];
  /** Everything that happened, as the history file holds it. */
  writtenEvents(): HistoryEvent[];
  close(): Promise<void>;
}

/** Throws UserError when a fixed port is taken or an expression of the configuration fails. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const { scenario, config, folder, ground } = options;
  const clock = createClock();
  const startedAt = new Date(clock.originMs).toISOString();
  const header = buildHeader({ run: folder.id, seed: options.seed, startedAt, scenario, config });
  const cleanup = createCleanup();
  try {
    const evidence = openEvidence(folder.resolve(options.historyName), header, clock);
    cleanup.defer(evidence.close);
    const { history } = evidence;
    const ordinalOf = ordinalsOf(options.workload);
    let known: () => readonly Nameable[] = () => [];
    let systemUrl = "";
    // The system's own host, besides loopback; known once the address is rendered.
    const allowedHosts: string[] = [];

    const { namesIn, keysIn } = createMentions(() => known());
    const inbox = await startInbox({
      channels: config.channels,
      history,
      namesIn,
      ...(ground.alertsPort !== undefined && { port: ground.alertsPort }),
      ...(ground.mailPort !== undefined && { mailPort: ground.mailPort }),
    });
    cleanup.defer(inbox.close);
    const partner = await startPartner({
      contract: config.partner,
      clock,
      history,
      seed: dataSeed(options),
      ordinalOf,
      names: () => ({ system: { url: systemUrl } }),
      allowedHosts,
      ...(ground.partnerPort !== undefined && { port: ground.partnerPort }),
      ...(ground.secret !== undefined && { secret: ground.secret }),
      tls: ground.shared ? ground.tls : needTls(scenario.faults),
    });
    cleanup.defer(partner.close);
    const { url, credentials, secret, nextSecret } = partner;
    evidence.hide([...partner.secrets, ...Object.values(inbox.names).map(({ key }) => key)]);

    const place = ground.place ?? (await createPlace());
    if (!ground.place) cleanup.defer(() => removePlace(place));
    const ca = await writeAuthority(place, partner.ca);
    const names = { partner: { url, ...credentials, secret, nextSecret, ca }, alerts: inbox.names };
    const rendered = await renderSystem(config, { ...place, ...names });
    systemUrl = rendered.url;
    allowedHosts.push(new URL(systemUrl).hostname);

    const dispatcher = new Agent({ connections: 32, pipelining: 1 });
    const common = {
      history,
      dispatcher,
      baseUrl: () => systemUrl,
      names: { ...names, system: { ...place, url: systemUrl } },
    };
    const driver = createDriver({
      ...common,
      workflow: config.workflow,
      seed: dataSeed(options),
      signal: options.signal,
      onStart: ({ key }) => stage.plan?.startedWhileRefused(key),
      untilUp: async () => stage.down,
    });
    known = driver.started;

    const problems: Problem[] = [];
    const background: Promise<void>[] = [];
    // Without a fault it is a gap in the configuration. Under one, the system may have taken over what a broken result says.
    const noteProblem = (problem: Problem) => {
      if (history.phase === "baseline") problems.push(problem);
      else history.append({ source: "runner", kind: "phase.incomplete", reason: problem.message, keys: [] });
    };
    let watchers: Watchers | undefined;
    let system: RunningSystem | undefined;
    const stage: Stage = {
      clock,
      header,
      history,
      partner,
      driver,
      inbox,
      get system() {
        return system;
      },
      down: undefined,
      ordinalOf,
      keysIn,
      plan: undefined,
      close: cleanup.run,

      async open() {
        cleanup.defer(watchLag(history));
        const started = await acquireSystem(options, {
          config: { ...config.system, ...rendered },
          place,
          evidence,
          known,
        });
        if (!started.ok) return started;
        system = started;
        cleanup.defer(() => ground.release(started));
        // Before the system stops: a server that waits for kept-alive connections would use up its time.
        cleanup.defer(() => dispatcher.destroy());
        watchers = startWatchers({
          ...common,
          config,
          transactions: known,
          onProblem: noteProblem,
        });
        cleanup.defer(watchers.stop);
        cleanup.defer(() => Promise.all(background));
        return undefined;
      },
      canary: (timeoutMs, signal) =>
        sendCanary({
          config,
          inbox,
          history,
          dispatcher,
          baseUrl: systemUrl,
          scope: { values: common.names },
          timeoutMs,
          signal,
        }),
      async lastLook() {
        await watchers?.lastLook();
        evidence.complete();
      },
      background: (work) => void background.push(work),
      problems,
      writtenEvents: evidence.written,
    };
    return stage;
  } catch (cause) {
    await cleanup.run();
    throw cause;
  }
}

interface SystemPlan {
  config: Config["system"];
  place: Awaited<ReturnType<typeof createPlace>>;
  evidence: Evidence;
  known: () => readonly Nameable[];
}

function acquireSystem(
  { ground, folder, logName, config: { logs }, signal }: StageOptions,
  plan: SystemPlan,
) {
  const { config, place, evidence, known } = plan;
  return ground.acquire({
    history: evidence.history,
    transactions: known,
    start: (context) =>
      startSystem({
        ...context,
        config,
        place,
        logs: { file: folder.resolve(logName), from: logs.from },
        redact: evidence.redact,
        signal,
      }),
  });
}

/** Business data and outcomes differ between scenarios of one run. */
function dataSeed({ seed, scenario }: StageOptions): string {
  return `${seed} ${scenario.id}`;
}

function ordinalsOf(workload: PlannedWorkload): (key: string) => number | undefined {
  const all = Object.values(workload).flat();
  const ordinals = new Map(all.map(({ key, ordinal }) => [key, ordinal]));
  return (key) => ordinals.get(key);
}
