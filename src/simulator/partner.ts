// The partner: one fake third party, listening, misbehaving by plan. `startPartner` is what everything else uses.
import type { RequestListener } from "node:http";
import type { HistoryLog } from "../history/history.ts";
import { addressOf } from "../lib/address.ts";
import type { Clock } from "../lib/clock.ts";
import { freePort } from "../lib/ports.ts";
import { UserError } from "../lib/problem.ts";
import { type CredentialNames, credentialNames, credentialSecrets } from "./contract/auth.ts";
import type { Contract } from "./contract/contract.ts";
import { createTokenDesk } from "./credentials/token-desk.ts";
import type { Decision, Ledger, Submission } from "./ledger.ts";
import { realmOf } from "./pipeline/authenticate.ts";
import type { ByHand } from "./pipeline/by-hand.ts";
import { type CompiledContract, compileContract } from "./pipeline/compile.ts";
import { type AddOptions, type ArmedFault, createOpenPlan, type Removal } from "./plan/open-plan.ts";
import type { Plan } from "./plan/plan.ts";
import type { FaultUse } from "./plan/schedule.ts";
import { generateSecret, nextSecret } from "./signing/secret.ts";
import { certificates } from "./wire/certificates.ts";
import { createFrontDoor } from "./wire/front-door.ts";
import { createListener, type Listener } from "./wire/listener.ts";
import { createOutage } from "./wire/outage.ts";
import { createPerformer } from "./wire/perform.ts";
import { createWorks, type Works } from "./works.ts";

export interface PartnerOptions {
  contract: Contract;
  clock: Clock;
  history: HistoryLog;
  /** Decides outcomes, processing times and business data, by transaction. */
  seed: string;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default, and for 0: a free port that stays the partner's own while it refuses connections. */
  port?: number;
  /** Signing secret; generated when neither this nor the contract gives one. */
  secret?: string;
  /** Names for expressions besides the contract's own, such as { system: { url } }; read when a callback is scheduled. */
  names?: () => Record<string, unknown>;
  /** Hosts (without port) that callbacks may go to, besides loopback. */
  allowedHosts?: readonly string[];
  /** Serves https, whatever the contract says. */
  tls?: boolean;
  /** 1-based position of a transaction; unknown keys get the next free ordinal in order of arrival. */
  ordinalOf?: (key: string) => number | undefined;
}

export interface Partner extends AsyncDisposable {
  /** Base URL: http://127.0.0.1:port, or https */
  readonly url: string;
  /** PEM of the authority that its certificate is signed by; undefined for a partner without https. */
  readonly ca: string | undefined;
  readonly port: number;
  /** What stands for the bearer token or the API key of the contract; empty with other kinds of auth. */
  readonly token: string;
  /** How a caller proves who it is, in the words of expressions. */
  readonly credentials: CredentialNames;
  /** Signs reports; empty when the contract signs none. */
  readonly secret: string;
  /** Signs them while `credentials.rotated` is in force. */
  readonly nextSecret: string;
  /** Every text that must not reach a history, a report or a log. */
  readonly secrets: readonly string[];
  /** The ground truth. A reset replaces it. */
  readonly ledger: Ledger;
  /** Faults that come and go while it runs, besides a plan that is armed as a whole. */
  readonly faults: PartnerFaults;
  /** What can be done to one submission by hand. */
  readonly byHand: PartnerHand;
  /** Arms a plan: the fault phase begins now. */
  arm(plan: Plan): Promise<void>;
  /** Disarms every fault; what was lost stays lost, what listens again listens again. */
  heal(): Promise<void>;
  /** Back to the start: ledger, keys and attempts forgotten, faults ended, what was under way cut. The port stays. */
  reset(): Promise<void>;
  /** True when nothing is in process, no callback is due or under way, and no request is held open. */
  isQuiet(): boolean;
  /** Ends everything: open requests are cut, timers cleared. */
  close(): Promise<void>;
}

export interface PartnerFaults {
  list(): ArmedFault[];
  /** Rejects with ExpressionError when a `where` does not parse. */
  add(use: FaultUse, options?: AddOptions): Promise<ArmedFault>;
  remove(id: string): Promise<Removal>;
}

/** `unknown`: no submission has this id. `decided`: too late, it was decided or lost before. */
export type HandResult = "done" | "unknown" | "decided";

export interface PartnerHand {
  settle(id: string, decision: Decision): HandResult;
  stick(id: string): HandResult;
  lose(id: string): HandResult;
  /** Sends the report of a decided submission once more. `undecided`: there is nothing to report yet. */
  redeliver(id: string): "done" | "unknown" | "undecided";
}

/** Rejects with UserError when the port is taken, and with ExpressionError for a bad contract. */
export async function startPartner(options: PartnerOptions): Promise<Partner> {
  const { contract, clock, history, seed, host = "127.0.0.1" } = options;
  const port =
    (options.port ?? contract.port) ||
    (await freePort(host).catch((cause) => {
      throw explainAddress(cause, host, 0);
    }));
  const secret =
    options.secret ??
    contract.callback?.sign.secret ??
    generateSecret(schemeOf(contract), seed, contract.name);
  const next = contract.callback?.sign.nextSecret ?? nextSecret(schemeOf(contract), secret);
  let closed: Promise<void> | undefined;
  const compiled = await compileContract(contract, seed, clock);
  const tls = options.tls || contract.tls ? await certificates() : undefined;
  const open = createOpenPlan({
    clock,
    history,
    seed,
    facts: {
      outcomes: contract.process.outcomes.map(([outcome]) => outcome),
      promisesMs: contract.process.promises,
      stages: contract.stages?.map(({ name }) => name),
      tls: tls !== undefined,
    },
    ordinalOf: options.ordinalOf ?? (() => undefined),
    arrivals: () => works.tallies.arrivals,
    onChange: () => followOutage().catch(reportOutage),
  });
  const assemble = () =>
    createWorks({
      contract,
      compiled,
      clock,
      history,
      seed,
      secret,
      nextSecret: next,
      plan: open.current,
      names: options.names,
      allowedHosts: options.allowedHosts,
      ordinalOf: options.ordinalOf,
    });
  let works: Works = assemble();
  const performer = createPerformer((socket) => listener.reset(socket));
  const onRequest: RequestListener = createFrontDoor({
    compiled,
    performer,
    submit: (request) => works.submit(request),
    status: (request) => works.status(request),
    token: tokenDeskOf(contract, compiled, history),
    ...(tls && { badCertificate: () => listener.badCertificate() }),
  });
  const listener: Listener = createListener({
    host,
    port,
    onRequest,
    ...(tls && { certificates: tls, onAbandoned: abandoned }),
  });
  const outage = createOutage({
    listener,
    clock,
    onCut: performer.cutAll,
    onFailure: reportOutage,
  });
  await listener.open().catch((cause) => {
    throw explainAddress(cause, host, port);
  });

  function reportOutage(cause: unknown): void {
    const reason = `the partner cannot listen on port ${port} again: ${String(cause)}`;
    history.append({ source: "partner", kind: "phase.incomplete", reason, keys: [], cut: true });
  }

  async function followOutage(): Promise<void> {
    const plan = open.current();
    if (plan && closed === undefined) await outage.follow(plan);
    else await outage.end();
  }

  function abandoned(badCertificate: string): void {
    history.append({ source: "partner", kind: "connection.abandoned", badCertificate });
  }

  async function heal(): Promise<void> {
    open.clear();
    await outage.end();
  }

  async function reset(): Promise<void> {
    const before = works;
    open.clear(true);
    works = assemble();
    performer.cutAll("the partner was reset");
    await Promise.all([outage.end(), before.close()]);
    history.append({ source: "partner", kind: "partner.reset" });
  }

  async function shutDown(): Promise<void> {
    open.clear();
    performer.cutAll("the partner was closed");
    await Promise.all([outage.end().finally(() => listener.close()), works.close()]);
  }

  function byHand(id: string, act: (hand: ByHand, submission: Submission) => boolean): HandResult {
    const submission = works.ledger.byId(id);
    if (!submission) return "unknown";
    return act(works.byHand, submission) ? "done" : "decided";
  }

  const url = addressOf(host, port, tls ? "https" : "http");
  const credentials = credentialNames(contract.auth, url);
  const partner: Partner = {
    url,
    port,
    ca: tls?.ca,
    token: credentials.token,
    credentials,
    secret,
    nextSecret: next,
    secrets: [...credentialSecrets(contract.auth), secret, next],
    get ledger() {
      return works.ledger;
    },
    faults: {
      list: open.list,
      async add(use, more) {
        const added = await open.add(use, more);
        await followOutage();
        return added;
      },
      async remove(id) {
        const removal = open.remove(id);
        await followOutage();
        return removal;
      },
    },
    byHand: {
      settle: (id, decision) => byHand(id, (hand, submission) => hand.settle(submission, decision)),
      stick: (id) => byHand(id, (hand, submission) => hand.stick(submission)),
      lose: (id) => byHand(id, (hand, submission) => hand.lose(submission)),
      redeliver(id) {
        const submission = works.ledger.byId(id);
        if (!submission) return "unknown";
        if (submission.decidedAt === null || submission.state === "lost") return "undecided";
        works.callbacks.redeliver(submission);
        return "done";
      },
    },
    async arm(next) {
      open.replace(next);
      await followOutage();
    },
    heal,
    reset,
    isQuiet: () => works.isQuiet() && performer.open === 0,
    close() {
      closed ??= shutDown();
      return closed;
    },
    [Symbol.asyncDispose]: () => partner.close(),
  };
  return partner;
}

/** A port that is taken or not allowed, and a host that is not here, are mistakes of the user's; anything else is not. */
function explainAddress(cause: NodeJS.ErrnoException, host: string, port: number): unknown {
  switch (cause.code) {
    case "EADDRINUSE":
    case "EACCES":
    case "ERR_SOCKET_BAD_PORT": {
      const message = `the partner cannot listen on port ${port} (${cause.code})`;
      const hint = "stop what uses it, or choose another one";
      return new UserError([{ file: "partner", path: "port", message, hint }], { cause });
    }
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EINVAL": {
      const message = `the partner cannot listen on host ${host} (${cause.code})`;
      const hint = "name an address of this machine";
      return new UserError([{ file: "partner", path: "host", message, hint }], { cause });
    }
    default:
      return cause;
  }
}

function tokenDeskOf({ auth, name }: Contract, { tokens }: CompiledContract, history: HistoryLog) {
  if (!auth || !("oauth2" in auth) || !tokens) return undefined;
  return createTokenDesk({ oauth2: auth.oauth2, tokens, history, realm: realmOf(name) });
}

function schemeOf({ callback }: Contract) {
  return callback?.sign.scheme ?? "none";
}
