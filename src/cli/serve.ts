// neverfails serve [partner.yaml]: only the partner, until Ctrl-C.
import { resolve } from "node:path";
import type { CommandModule } from "yargs";
import type { HistoryEvent } from "../history/event.ts";
import { createHistoryLog } from "../history/history.ts";
import { createClock } from "../lib/clock.ts";
import { formatDuration } from "../lib/duration.ts";
import { UserError } from "../lib/problem.ts";
import type { Contract } from "../simulator/contract/contract.ts";
import type { ControlServer } from "../simulator/control/server.ts";
import type { Partner } from "../simulator/partner.ts";
import { writeAuthorityFile } from "./authority-file.ts";
import { EXIT, type ExitCode, finish } from "./exit.ts";
import { printProblems } from "./output.ts";
import { parsePorts } from "./run-options.ts";

interface ServeArguments {
  contract: string;
  port: number | undefined;
  host: string;
  "control-port": number | undefined;
  "control-token": string | undefined;
  "callback-host": string[];
  seed: string;
  scenario: string | undefined;
  quiet: boolean;
}

export const serveCommand: CommandModule<object, ServeArguments> = {
  command: "serve [contract]",
  describe: "Only the partner, until Ctrl-C",
  builder: (yargs) =>
    yargs
      .positional("contract", { type: "string", default: "partner.yaml", describe: "The partner's contract" })
      .option("port", {
        type: "number",
        requiresArg: true,
        describe: "Default: the contract's, or any free port",
      })
      .option("host", {
        type: "string",
        requiresArg: true,
        default: "127.0.0.1",
        describe: "What partner and control API listen on; beyond loopback the control API wants a token",
      })
      .option("control-port", {
        type: "number",
        requiresArg: true,
        describe: "The control API's; default: any free port",
      })
      .option("control-token", {
        type: "string",
        requiresArg: true,
        describe: "The control API's bearer token; default: none on loopback, generated beyond it",
      })
      .option("callback-host", {
        type: "string",
        requiresArg: true,
        array: true,
        default: [],
        describe: "A host that callbacks may go to besides loopback",
      })
      .option("seed", {
        type: "string",
        requiresArg: true,
        default: "1",
        describe: "Decides outcomes and processing times",
      })
      .option("scenario", {
        type: "string",
        requiresArg: true,
        describe: "A scenario file whose faults are armed from the start",
      })
      .option("quiet", { type: "boolean", default: false, describe: "Do not print what happens" }),
  handler: async (args) => finish(await serve(args)),
};

async function serve({
  contract: file,
  port,
  host,
  seed,
  scenario: scenarioFile,
  quiet,
  ...options
}: ServeArguments): Promise<ExitCode> {
  // Loaded here, not at the top: a served partner is ready before the rest of the command would be.
  const { loadContract } = await import("../scenarios/load/contract.ts");
  const ports = parsePorts({ port, "control-port": options["control-port"] });
  const contract = await loadContract(resolve(file));
  const scenario = scenarioFile === undefined ? undefined : await scenarioOf(resolve(scenarioFile));
  if (!ports.ok || !contract.ok || (scenario && !scenario.ok)) {
    printProblems(
      [ports, contract, ...(scenario ? [scenario] : [])].flatMap((result) =>
        result.ok ? [] : result.problems,
      ),
    );
    return EXIT.usage;
  }
  const clock = createClock();
  const history = createHistoryLog({ clock, keeps: false, ...(!quiet && { sink: printEvent }) });
  const early: HistoryEvent[] = [];
  const stopCollecting = history.subscribe((event) => early.push(event));
  const [{ startPartner }, { needTls }] = await Promise.all([
    import("../simulator/partner.ts"),
    import("../simulator/faults/describe.ts"),
  ]);
  let control: ControlServer | undefined;
  try {
    await using partner = await startPartner({
      contract: contract.value,
      clock,
      history,
      seed,
      host,
      allowedHosts: options["callback-host"],
      ...(port !== undefined && { port }),
      tls: scenario?.ok === true && needTls(scenario.value.faults),
    });
    await using authority = await writeAuthorityFile(partner.ca);
    if (scenario?.ok) {
      const { id, faults } = scenario.value;
      for (const use of faults) await partner.faults.add(use, { scenario: id });
    }
    // Before it is offered: whoever reads the last line may press Ctrl-C at once.
    const interrupted = new Promise<void>((end) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => end());
    });
    process.stdout.write(welcome(contract.value, partner, authority.path));
    // Only now: what a web server needs takes longer to load than the partner itself.
    const [{ createControl }, { startControlServer }] = await Promise.all([
      import("../simulator/control/control.ts"),
      import("../simulator/control/server.ts"),
    ]);
    const desk = createControl({ partner, contract: contract.value, clock, history, before: early });
    stopCollecting();
    control = await startControlServer({
      control: desk,
      host,
      port: options["control-port"],
      token: options["control-token"],
      secrets: partner.secrets,
    });
    process.stdout.write(`${controlLines(control)}Ctrl-C ends.\n`);
    await interrupted;
    return EXIT.interrupted;
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    printProblems(cause.problems);
    return EXIT.usage;
  } finally {
    await control?.close();
  }
}

async function scenarioOf(file: string) {
  const [{ loadScenarios }, { faultNamed }, { isPerformedByRunner }] = await Promise.all([
    import("../scenarios/load/scenarios.ts"),
    import("../simulator/faults/index.ts"),
    import("../simulator/faults/fault.ts"),
  ]);
  const loaded = await loadScenarios([file]);
  if (!loaded.ok) return loaded;
  const [scenario] = loaded.value;
  if (!scenario) return { ok: false as const, problems: [{ file, message: "holds no scenario" }] };
  const foreign = scenario.faults.find(({ fault }) => isPerformedByRunner(faultNamed(fault).point));
  if (foreign) {
    const message = `${foreign.fault} is no fault of the partner's: \`neverfails run\` performs it`;
    return { ok: false as const, problems: [{ file: foreign.position ?? file, message }] };
  }
  return { ok: true as const, value: scenario };
}

function welcome(contract: Contract, { url, secret }: Partner, authority: string | undefined): string {
  const { name, auth, submit, status, callback } = contract;
  const lines = [
    `${name} listens on ${url}`,
    ...(auth && "oauth2" in auth
      ? [`  token     POST ${auth.oauth2.tokenPath}   (client ${auth.oauth2.clientId})`]
      : []),
    `  submit    POST ${submit.post}${auth ? `   (${credentialsHint(auth)})` : ""}`,
    ...(status ? [`  status    GET ${status.get}`] : []),
    ...(callback ? [`  callback  ${callback.to}, signed ${callback.sign.scheme}`] : []),
    // Without it nobody could verify; one that stands in the contract is not repeated.
    ...(callback && callback.sign.scheme !== "none" && callback.sign.secret === undefined
      ? [`  secret    ${secret}`]
      : []),
    ...(authority === undefined ? [] : [`  trust     the authority in ${authority}`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** What a request must carry. A token or key is shown, so that one can try; a password is not. */
function credentialsHint(auth: NonNullable<Contract["auth"]>): string {
  if ("bearer" in auth) return `Authorization: Bearer ${auth.bearer}`;
  if ("basic" in auth) return `Authorization: Basic, as ${auth.basic.username}`;
  if ("apiKey" in auth) return `${auth.apiKey.header}: ${auth.apiKey.value}`;
  return "Authorization: Bearer and a token";
}

function controlLines({ url, token }: ControlServer): string {
  return `  control   ${url}${token === undefined ? "" : `   (Authorization: Bearer ${token})`}\n`;
}

function printEvent(event: HistoryEvent): void {
  const text = sentenceOf(event);
  if (text !== undefined) process.stdout.write(`${formatDuration(event.t).padStart(9)}  ${text}\n`);
}

function sentenceOf(event: HistoryEvent): string | undefined {
  switch (event.kind) {
    case "submit.replied":
      return `submit    ${event.key}  ${event.status} ${event.effect}`;
    case "submit.aborted":
      return `submit    ${event.key}  no reply: ${event.reason}`;
    case "submission.processed":
      return `decided   ${event.key}  ${event.outcome ?? event.state}`;
    case "submission.lost":
      return `lost      ${event.key}`;
    case "token.issued":
      return `token     issued, good for ${formatDuration(event.expiresInMs)}`;
    case "token.refused":
      return `token     ${event.status} ${event.error}`;
    case "status.replied":
      return `status    ${event.key}  ${event.status}${event.state ? ` ${event.state}` : ""}`;
    case "status.aborted":
      return `status    ${event.key}  no reply: ${event.reason}`;
    case "callback.acked":
    case "callback.refused":
      return `callback  ${event.key}  answered ${event.status}`;
    case "callback.unanswered":
      return `callback  ${event.key}  unanswered: ${event.reason}`;
    case "callback.withheld":
      return `callback  ${event.key}  not sent: ${event.reason}`;
    default:
      return undefined;
  }
}
