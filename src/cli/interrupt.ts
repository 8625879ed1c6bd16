// Ctrl-C and SIGTERM: the first asks everything to end in order, the second ends at once.
import { EXIT } from "./exit.ts";

export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
}

export function onInterrupt(say: (text: string) => void): Interrupt {
  const controller = new AbortController();
  const handle = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    say(
      "\nInterrupted: healing the partner, stopping the system, writing what has finished. Again to stop at once.\n",
    );
    controller.abort();
  };
  const signals: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const name of signals) process.on(name, handle);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of signals) process.off(name, handle);
    },
  };
}
