// The partner: one fake third party, listening, misbehaving by plan. `startPartner` is what everything else uses.
import type { RequestListener } from "node:http";
import type { HistoryLog } from "../history/history.ts";
import type { Clock } from "../lib/clock.ts";
import { freePort } from "../lib/ports.ts";
import { UserError } from "../lib/problem.ts";
import { type Callbacks, createCallbacks } from "./callbacks/callbacks.ts";
import type { Contract } from "./contract/contract.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { compileContract } from "./pipeline/compile.ts";
import { createStatusDesk } from "./pipeline/status.ts";
import { createSubmitDesk } from "./pipeline/submit.ts";
import { createTallies } from "./pipeline/tallies.ts";
import { createWorkshop } from "./pipeline/workshop.ts";
import type { Plan } from "./plan/plan.ts";
import { generateSecret } from "./signing/secret.ts";
import { createFrontDoor } from "./wire/front-door.ts";
import { createListener } from "./wire/listener.ts";
import { createOutage } from "./wire/outage.ts";
import { createPerformer } from "./wire/perform.ts";

export interface PartnerOptions {
  contract: Contract;
  clock: Clock;
  history: HistoryLog;
  /** Decides outcomes, processing times and business data, by transaction. */
  seed: string;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default: a free port that stays the partner's own while it refuses connections. */
  port?: number;
  /** Signing secret; generated when neither this nor the contract gives one. */
  secret?: string;
  /** Names for expressions besides the contract's own, such as { system: { url } }; read when a callback is scheduled. */
  names?: () => Record<string, unknown>;
  /** Hosts (without port) that callbacks may go to, besides loopback. */
  allowedHosts?: readonly string[];
  /** 1-based position of a transaction; unknown keys get the next free ordinal in order of arrival. */
  ordinalOf?: (key: string) => number | undefined;
}

export interface Partner extends AsyncDisposable {
  /** Base URL: http://127.0.0.1:port */
  readonly url: string;
  readonly port: number;
  /** Bearer token that the contract asks for; empty without auth. */
  readonly token: string;
  readonly secret: string;
  /** The ground truth. */
  readonly ledger: Ledger;
  /** Arms a plan: the fault phase begins now. */
  arm(plan: Plan): Promise<void>;
  /** Disarms every fault; what was lost stays lost, what listens again listens again. */
  heal(): Promise<void>;
  /** True when nothing is in process, no callback is due or under way, and no request is held open. */
  isQuiet(): boolean;
  /** Ends everything: open requests are cut, timers cleared. */
  close(): Promise<void>;
}

/** Rejects with UserError when the port is taken, and with ExpressionError for a bad contract. */
export async function startPartner(options: PartnerOptions): Promise<Partner> {
  const { contract, clock, history, seed, host = "127.0.0.1" } = options;
  const port = options.port ?? contract.port ?? (await freePort(host));
  const secret =
    options.secret ??
    contract.callback?.sign.secret ??
    generateSecret(schemeOf(contract), seed, contract.name);
  const ledger = createLedger();
  const tallyOf = createTallies(options.ordinalOf);
  let armed: Plan | undefined;
  let closed: Promise<void> | undefined;
  const plan = () => armed;

  const compiled = await compileContract(contract, seed);
  const callbacks: Callbacks = createCallbacks({
    callback: contract.callback,
    clock,
    history,
    seed,
    secret,
    plan,
    names: options.names,
    allowedHosts: options.allowedHosts,
  });
  const onDecided = callbacks.report;
  const workshop = createWorkshop({ contract, seed, clock, history, ledger, plan, onDecided });
  const performer = createPerformer();
  const onRequest: RequestListener = createFrontDoor({
    compiled,
    performer,
    submit: createSubmitDesk({ compiled, seed, clock, history, ledger, workshop, tallyOf, plan }),
    status: createStatusDesk({ compiled, history, ledger, tallyOf, plan }),
  });
  const listener = createListener({ host, port, onRequest });
  const outage = createOutage({
    listener,
    clock,
    onCut: () => performer.cutAll("the partner went down"),
    onFailure(cause) {
      const reason = `the partner cannot listen on port ${port} again: ${String(cause)}`;
      history.append({ source: "partner", kind: "phase.incomplete", reason, keys: [] });
    },
  });
  await listener.open().catch((cause) => {
    throw explainPort(cause, port);
  });

  async function heal(): Promise<void> {
    armed?.disarm();
    armed = undefined;
    await outage.end();
  }

  async function shutDown(): Promise<void> {
    armed?.disarm();
    armed = undefined;
    workshop.close();
    performer.cutAll("the partner was closed");
    await Promise.all([outage.end().finally(() => listener.close()), callbacks.close()]);
  }

  const partner: Partner = {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    token: contract.auth?.bearer ?? "",
    secret,
    ledger,
    async arm(next) {
      armed?.disarm();
      armed = next;
      next.arm({
        outcomes: contract.process.outcomes.map(([outcome]) => outcome),
        promisesMs: contract.process.promises,
      });
      await outage.follow(next);
    },
    heal,
    isQuiet: () => workshop.isQuiet() && callbacks.isQuiet() && performer.open === 0,
    close() {
      closed ??= shutDown();
      return closed;
    },
    [Symbol.asyncDispose]: () => partner.close(),
  };
  return partner;
}

/** A port that is taken or not allowed is a mistake of the user's; anything else is not. */
function explainPort(cause: NodeJS.ErrnoException, port: number): unknown {
  if (cause.code !== "EADDRINUSE" && cause.code !== "EACCES") return cause;
  const message = `the partner cannot listen on port ${port} (${cause.code})`;
  return new UserError(
    [{ file: "partner", path: "port", message, hint: "stop what uses it, or choose another one" }],
    { cause },
  );
}

function schemeOf({ callback }: Contract) {
  return callback?.sign.scheme ?? "none";
}
