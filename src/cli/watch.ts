// --watch: runs, waits for a change beside the configuration, runs again, until Ctrl-C.
import { watch } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { EXIT, type ExitCode } from "./exit.ts";
import { onInterrupt } from "./interrupt.ts";

/** Changes that come together count as one. */
const QUIET_MS = 300;
const IGNORED = /(^|[/\\])(node_modules|\.git|reports|dist|__pycache__)([/\\]|$)/;

export async function watchAndRepeat<Arguments extends { config: string; output: string }>(
  args: Arguments,
  run: (args: Arguments, signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  using interrupt = onInterrupt(() => undefined);
  const folder = dirname(resolve(args.config));
  const output = `${resolve(args.output)}${sep}`;
  while (!interrupt.signal.aborted) {
    await run(args, interrupt.signal);
    if (interrupt.signal.aborted) break;
    process.stderr.write(`Watching ${folder}; Ctrl-C ends.\n`);
    await nextChange(
      folder,
      (file) => IGNORED.test(file) || resolve(folder, file).startsWith(output),
      interrupt.signal,
    );
  }
  return EXIT.interrupted;
}

function nextChange(
  folder: string,
  isIgnored: (file: string) => boolean,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((done) => {
    let timer: NodeJS.Timeout | undefined;
    const watcher = watch(folder, { recursive: true, signal }, (_, file) => {
      if (file === null || isIgnored(file)) return;
      clearTimeout(timer);
      timer = setTimeout(() => watcher.close(), QUIET_MS);
    });
    watcher.once("close", () => {
      clearTimeout(timer);
      done();
    });
    watcher.once("error", () => watcher.close());
  });
}
