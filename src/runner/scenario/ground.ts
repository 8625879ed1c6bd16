// What the scenarios of one run have in common: an own instance of the system for each, or one instance for all.
import type { HistoryLog } from "../../history/history.ts";
import { chooseTag } from "../../lib/choice.ts";
import { freePort } from "../../lib/ports.ts";
import type { Config } from "../../scenarios/types.ts";
import { createPlace, type Place, removePlace } from "../system/place.ts";
import type { StartFailure } from "../system/start-failure.ts";
import type { RunningSystem } from "../system/system.ts";

export interface Ground {
  /** True when all scenarios meet the same instance, so they run one after another. */
  readonly shared: boolean;
  /** Keeps keys of transactions apart where the system outlives the run; empty otherwise. */
  readonly nonce: string;
  /** What an instance that outlives a scenario was told once, and so must stay as it is. */
  readonly partnerPort?: number;
  readonly alertsPort?: number;
  readonly mailPort?: number;
  readonly secret?: string;
  readonly place?: Place;
  /** True when the partner speaks https in every scenario, because one of them needs it. */
  readonly tls: boolean;
  /** The system, started for this scenario or running since an earlier one. */
  acquire(user: SystemUser): Promise<RunningSystem | StartFailure>;
  /** The scenario is over: its own instance ends, a shared one lives on. */
  release(system: RunningSystem): Promise<void>;
  close(): Promise<void>;
}

/** Where an instance reports to, and which transactions its log lines may name. */
export interface SystemContext {
  history: HistoryLog;
  transactions: () => readonly { key: string; id: string }[];
}

export interface SystemUser extends SystemContext {
  start(context: SystemContext): Promise<RunningSystem | StartFailure>;
}

/** `tls`: one of the scenarios needs a partner who speaks https. */
export async function openGround(
  config: Config,
  run: string,
  { tls = false }: { tls?: boolean } = {},
): Promise<Ground> {
  const { system, ports, partner } = config;
  const isAttached = system.kind === "attached";
  const partnerPort = ports.partner ?? partner.port;
  const fixed = {
    ...(partnerPort !== undefined && { partnerPort }),
    ...(ports.alerts !== undefined && { alertsPort: ports.alerts }),
    ...(ports.mail !== undefined && { mailPort: ports.mail }),
    // Whoever configured an attached system by hand wrote down one address, once and for all.
    tls: tls && !isAttached,
  };
  if (!isAttached && system.isolation === "scenario") {
    return {
      ...fixed,
      shared: false,
      nonce: "",
      acquire: ({ start, ...context }) => start(context),
      release: (running) => running.stop(),
      close: async () => {},
    };
  }
  const place = await createPlace();
  return {
    partnerPort: await freePort(),
    alertsPort: await freePort(),
    mailPort: await freePort(),
    ...fixed,
    ...sharedInstance(place),
    shared: true,
    place,
    nonce: isAttached ? run : "",
    // 32 characters, so 24 bytes of key: the least that Standard Webhooks allows.
    secret: `whsec_${Buffer.from(chooseTag(32, "secret", run)).toString("base64")}`,
  };
}

/** One instance for all: its events go to the history of whichever scenario is on. */
function sharedInstance(place: Place): Pick<Ground, "acquire" | "release" | "close"> {
  let running: RunningSystem | undefined;
  let current: SystemContext | undefined;
  const relay: SystemContext = {
    history: relayTo(() => current?.history),
    transactions: () => current?.transactions() ?? [],
  };
  return {
    async acquire({ start, ...context }) {
      current = context;
      if (running?.isUp()) {
        const { url, pid } = running;
        context.history.append({
          source: "system",
          kind: "system.started",
          url,
          ...(pid !== undefined && { pid }),
        });
        return running;
      }
      const started = await start(relay);
      if (started.ok) running = started;
      return started;
    },
    release: async () => {},
    async close() {
      await running?.stop();
      await removePlace(place);
    },
  };
}

/** A history that passes everything on to the one that is current when it happens. */
function relayTo(current: () => HistoryLog | undefined): HistoryLog {
  const target = () => {
    const history = current();
    if (!history) throw new Error("the system reported before any scenario was on");
    return history;
  };
  return {
    get events() {
      return target().events;
    },
    get phase() {
      return target().phase;
    },
    append: (event, t) => target().append(event, t),
    subscribe: (listener) => target().subscribe(listener),
    now: () => target().now(),
  };
}
