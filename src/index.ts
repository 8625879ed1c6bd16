// The package as a library: the fake partner in process, and a client for one that is served elsewhere.
import { resolve } from "node:path";
import { createHistoryLog } from "./history/history.ts";
import { createClock } from "./lib/clock.ts";
import { UserError } from "./lib/problem.ts";
import { loadContract, loadInlineContract } from "./scenarios/load/contract.ts";
import { parseSource } from "./scenarios/load/source.ts";
import type { CredentialNames } from "./simulator/contract/auth.ts";
import { createControl, type PartnerControl } from "./simulator/control/control.ts";
import type { ControlServer } from "./simulator/control/server.ts";
import { startPartner as listen } from "./simulator/partner.ts";

export type { HistoryEvent } from "./history/event.ts";
export type { Problem } from "./lib/problem.ts";
export { UserError } from "./lib/problem.ts";
export { PartnerClient, type PartnerClientOptions } from "./simulator/control/client.ts";
export type { PartnerControl } from "./simulator/control/control.ts";
export { ControlError, type ControlMistake } from "./simulator/control/control-error.ts";
export type { FollowOptions } from "./simulator/control/follow.ts";
export type { HistoryPage } from "./simulator/control/history-window.ts";
export type { FaultInput } from "./simulator/control/read-fault.ts";
export type {
  ArmedFaultView,
  CallbackFilter,
  CallbackView,
  HistoryFilter,
  PartnerView,
  Settlement,
  SubmissionFilter,
  SubmissionView,
} from "./simulator/control/views.ts";
export type { EventCondition, EventPattern, WaitOptions } from "./simulator/control/wait-for.ts";

export interface StartPartnerOptions {
  /** Decides outcomes, processing times and business data, by transaction. Default "1". */
  seed?: string;
  /** Default: the contract's, or any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Signing secret of callbacks. Default: the contract's, or generated from the seed. */
  secret?: string;
  /** Hosts (without port) that callbacks may go to besides loopback. */
  callbackHosts?: readonly string[];
  /** Opens the control API besides; `true`: on any free loopback port. */
  control?: true | { port?: number; host?: string; token?: string };
}

export interface RunningPartner extends PartnerControl, AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Bearer token or API key that the contract asks for; empty without one. */
  readonly token: string;
  /** What else proves who asks, with the address for tokens; empty texts where they do not apply. */
  readonly credentials: CredentialNames;
  /** What callbacks are signed with. */
  readonly secret: string;
  /** What they are signed with while `credentials.rotated` is in force. */
  readonly nextSecret: string;
  /** The control API, when it was asked for. */
  readonly control: Pick<ControlServer, "url" | "port" | "token"> | undefined;
  close(): Promise<void>;
}

/**
 * Starts a partner in this process. `contract`: the path of a partner.yaml, or what stands in one as a plain object.
 * Rejects with UserError, which names every mistake in the contract.
 */
export async function startPartner(
  contract: string | Readonly<Record<string, unknown>>,
  options: StartPartnerOptions = {},
): Promise<RunningPartner> {
  const loaded = typeof contract === "string" ? await loadContract(contract) : await loadObject(contract);
  if (!loaded.ok) throw new UserError(loaded.problems);
  const { seed = "1", port, host, secret, callbackHosts } = options;
  const clock = createClock();
  const history = createHistoryLog({ clock, keeps: false });
  const partner = await listen({
    contract: loaded.value,
    clock,
    history,
    seed,
    ...(port !== undefined && { port }),
    ...(host !== undefined && { host }),
    ...(secret !== undefined && { secret }),
    ...(callbackHosts && { allowedHosts: callbackHosts }),
  });
  const desk = createControl({ partner, contract: loaded.value, clock, history });
  const { window: _, close: closeDesk, ...calls } = desk;
  let server: ControlServer | undefined;
  const close = async () => {
    await Promise.all([server?.close(), partner.close()]);
    closeDesk();
  };
  if (options.control !== undefined) {
    const { startControlServer } = await import("./simulator/control/server.ts");
    const where = options.control === true ? {} : options.control;
    const { secrets } = partner;
    try {
      server = await startControlServer({ control: desk, secrets, ...where });
    } catch (cause) {
      await close();
      throw cause;
    }
  }
  return {
    ...calls,
    url: partner.url,
    port: partner.port,
    token: partner.token,
    credentials: partner.credentials,
    secret: partner.secret,
    nextSecret: partner.nextSecret,
    control: server && { url: server.url, port: server.port, token: server.token },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Checked as if it stood in a file; problems then name the path inside, not a line that nobody has written. */
async function loadObject(contract: Readonly<Record<string, unknown>>) {
  const source = parseSource(JSON.stringify(contract), resolve("partner.json"));
  const loaded = source.ok ? await loadInlineContract(source.value, []) : source;
  if (loaded.ok) return loaded;
  const problems = loaded.problems.map(({ line: _, column: __, ...problem }) => ({
    ...problem,
    file: "contract",
  }));
  return { ok: false as const, problems };
}
