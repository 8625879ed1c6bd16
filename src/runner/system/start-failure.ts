// Why a system could not be started, in words that tell its owner what to do.
import { formatDuration } from "../../lib/duration.ts";

export type StartFailureReason =
  | "command-not-found"
  | "folder-not-found"
  | "port-in-use"
  | "exited"
  | "never-ready"
  /** Somebody else gave up: an interrupt. */
  | "aborted";

export interface StartFailure {
  ok: false;
  reason: StartFailureReason;
  /** One sentence: what happened. */
  message: string;
  /** What to do about it. */
  hint: string;
  /** The last lines that it wrote. */
  logTail: string[];
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export function describeExit({ code, signal }: Exit): string {
  return signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
}

export function cannotSpawn(program: string, cause: NodeJS.ErrnoException): StartFailure {
  const why =
    cause.code === "ENOENT"
      ? "there is no such program (or the interpreter that its first line names is missing)"
      : cause.code === "EACCES"
        ? "it is not executable"
        : cause.message;
  return {
    ok: false,
    reason: "command-not-found",
    message: `the system could not be started: "${program}": ${why}`,
    hint: "check system.command; it is run without a shell, in system.cwd, with the PATH of this process",
    logTail: [],
  };
}

export function noFolder(cwd: string): StartFailure {
  return {
    ok: false,
    reason: "folder-not-found",
    message: `the system could not be started: the folder ${cwd} does not exist`,
    hint: "check system.cwd; it is relative to neverfails.yaml",
    logTail: [],
  };
}

export function portTaken(url: string): StartFailure {
  return {
    ok: false,
    reason: "port-in-use",
    message: `something already listens at ${url}, before the system was started`,
    hint: "stop it, use {{ system.port }} in system.url, or attach to it by leaving out system.command",
    logTail: [],
  };
}

const PORT_IN_USE = /EADDRINUSE|address (?:is )?already in use|only one usage of each socket address/i;

export function exitedEarly(exit: Exit, afterMs: number, logTail: string[]): StartFailure {
  const culprit = logTail.find((line) => PORT_IN_USE.test(line));
  const message = `the system ${describeExit(exit)} after ${formatDuration(afterMs)}, before it was ready`;
  return culprit === undefined
    ? { ok: false, reason: "exited", message, hint: "its last words are below", logTail }
    : {
        ok: false,
        reason: "port-in-use",
        message: `${message}: a port that it wants is in use`,
        hint: "let it listen on {{ system.port }}: each instance gets a port of its own",
        logTail,
      };
}

export function neverReady(
  url: string,
  withinMs: number,
  lastAnswer: string,
  logTail: string[],
): StartFailure {
  return {
    ok: false,
    reason: "never-ready",
    message: `the system did not answer GET ${url} with 2xx within ${formatDuration(withinMs)} (last: ${lastAnswer})`,
    hint: "check system.url and system.ready, or allow more time with system.ready.within",
    logTail,
  };
}

export function startAborted(logTail: string[]): StartFailure {
  return {
    ok: false,
    reason: "aborted",
    message: "the start of the system was interrupted",
    hint: "run it again",
    logTail,
  };
}
