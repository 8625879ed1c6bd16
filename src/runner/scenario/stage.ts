// The stage of one scenario: history file, alert inbox, partner, system and watchers; opened in order, closed whatever happens.
import { Agent } from "undici";
import type { HistoryHeader } from "../../history/header.ts";
import { createHistoryLog, type OwnedHistoryLog } from "../../history/history.ts";
import { openHistoryFile } from "../../history/ndjson.ts";
import { type Clock, createClock } from "../../lib/clock.ts";
import { type Problem, UserError } from "../../lib/problem.ts";
import { createRedactor } from "../../lib/redact.ts";
import { renderSystem } from "../../scenarios/system-names.ts";
import type { Config, Scenario } from "../../scenarios/types.ts";
import { type Partner, startPartner } from "../../simulator/partner.ts";
import type { Plan } from "../../simulator/plan/plan.ts";
import { type Inbox, startInbox } from "../alerts/inbox.ts";
import type { RunFolder } from "../run-folder.ts";
import { createPlace, removePlace } from "../system/place.ts";
import type { StartFailure } from "../system/start-failure.ts";
import { startSystem } from "../system/system.ts";
import { createMentions, type Nameable } from "../watch/mentions.ts";
import { type SignalWatch, watchSignals } from "../watch/signals.ts";
import { type TransactionWatch, watchTransactions } from "../watch/transactions.ts";
import { createDriver, type Driver } from "../workload/driver.ts";
import type { PlannedWorkload, Transaction } from "../workload/transactions.ts";
import { sendCanary } from "./canary.ts";
import type { Ground } from "./ground.ts";
import { buildHeader } from "./header.ts";
import { watchLag } from "./lag.ts";

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
  readonly inbox: Inbox;
  readonly driver: Driver;
  /** The armed plan while the fault phase lasts: the driver tells it of each start. */
  plan: Plan | undefined;
  ordinalOf(key: string): number | undefined;
  /** Starts the system and its watchers. A failure is the system's, not the user's mistake and not ours. */
  open(): Promise<StartFailure | undefined>;
  /** Makes the system send its test alert and waits for it on every channel. */
  canary(withinMs: number, signal: AbortSignal): Promise<void>;
  /** One more sample of everything, marked final. */
  lastLook(): Promise<void>;
  /** Work that goes on beside the phases; closing waits for it. */
  background(work: Promise<void>): void;
  /** Throws UserError for a mistake that only the running system could show, such as a state that is not listed. */
  assertNoProblems(): void;
  close(): Promise<void>;
}

/** Throws UserError when a fixed port is taken or an expression of the configuration fails. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const { scenario, config, seed, ground, folder, workload, signal } = options;
  const clock = createClock();
  const startedAt = new Date(clock.originMs).toISOString();
  const header = buildHeader({ run: folder.id, seed, startedAt, scenario, config });
  const cleanup: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const step of cleanup.splice(0).reverse()) await step();
  };

  try {
    // Known only after the partner and the inbox exist; until then nothing secret is written.
    let redact = (text: string) => text;
    const file = openHistoryFile(folder.resolve(options.historyName), header, (text) => redact(text));
    const history = createHistoryLog({ clock, sink: file.write });
    let isComplete = false;
    cleanup.push(() => {
      if (isComplete) history.append({ source: "runner", kind: "run.ended" });
      file.close();
    });

    const ordinals = new Map(
      Object.values(workload)
        .flat()
        .map(({ key, ordinal }) => [key, ordinal]),
    );
    const ordinalOf = (key: string) => ordinals.get(key);

    let known: () => readonly Nameable[] = () => [];
    const inbox = await startInbox({
      channels: config.channels,
      history,
      namesIn: createMentions(() => known()).namesIn,
      ...(ground.alertsPort !== undefined && { port: ground.alertsPort }),
    });
    cleanup.push(() => inbox.close());

    let systemUrl = "";
    const partner = await startPartner({
      contract: config.partner,
      clock,
      history,
      seed: `${seed} ${scenario.id}`,
      ordinalOf,
      names: () => ({ system: { url: systemUrl } }),
      ...(ground.partnerPort !== undefined && { port: ground.partnerPort }),
      ...(ground.secret !== undefined && { secret: ground.secret }),
    });
    cleanup.push(() => partner.close());

    const names = {
      partner: { url: partner.url, token: partner.token, secret: partner.secret },
      alerts: inbox.names,
    };
    redact = createRedactor([
      partner.token,
      partner.secret,
      ...Object.values(inbox.names).map(({ key }) => key),
    ]);

    const place = ground.place ?? (await createPlace());
    if (!ground.place) cleanup.push(() => removePlace(place));
    const rendered = await renderSystem(config, { ...place, ...names });
    systemUrl = rendered.url;
    const scopeNames = { ...names, system: { ...place, url: rendered.url } };

    const dispatcher = new Agent({ connections: 32, pipelining: 1 });
    const driver = createDriver({
      workflow: config.workflow,
      seed: `${seed} ${scenario.id}`,
      baseUrl: () => systemUrl,
      history,
      dispatcher,
      names: scopeNames,
      signal,
      onStart: (transaction: Transaction) => stage.plan?.startedWhileRefused(transaction.key),
    });

    known = driver.started;

    const problems: Problem[] = [];
    const background: Promise<void>[] = [];
    const watches: (TransactionWatch | SignalWatch)[] = [];
    const stage: Stage = {
      clock,
      header,
      history,
      partner,
      inbox,
      driver,
      ordinalOf,
      close,
      plan: undefined,

      async open() {
        cleanup.push(watchLag(history));
        const started = await ground.acquire({
          history,
          transactions: known,
          start: (context) =>
            startSystem({
              ...context,
              config: { ...config.system, ...rendered },
              place,
              logs: { file: folder.resolve(options.logName), from: config.logs.from },
              redact: (text) => redact(text),
              signal,
            }),
        });
        if (!started.ok) return started;
        cleanup.push(() => ground.release(started));
        // Before the system stops: a server that waits for kept-alive connections would use up its time.
        cleanup.push(() => dispatcher.destroy());
        const shared = { baseUrl: () => systemUrl, names: scopeNames, history, dispatcher };
        watches.push(
          watchSignals({ ...shared, signals: config.signals, readyPath: config.system.ready.get }),
          watchTransactions({
            ...shared,
            config,
            transactions: known,
            onProblem: (problem) => problems.push(problem),
          }),
        );
        cleanup.push(async () => {
          await Promise.all(watches.map((watch) => watch.stop()));
        });
        return undefined;
      },

      canary: (withinMs, abort) =>
        sendCanary({
          config,
          inbox,
          history,
          dispatcher,
          baseUrl: systemUrl,
          scope: { values: scopeNames },
          timeoutMs: withinMs,
          signal: abort,
        }),

      async lastLook() {
        await Promise.all(watches.map((watch) => watch.sampleAll({ final: true })));
        isComplete = true;
      },

      background: (work) => void background.push(work),
      assertNoProblems() {
        if (problems.length > 0) throw new UserError(problems);
      },
    };
    cleanup.push(async () => {
      await Promise.all(background);
    });
    return stage;
  } catch (cause) {
    await close();
    throw cause;
  }
}
