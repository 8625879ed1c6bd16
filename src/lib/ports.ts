// Free TCP ports below the ephemeral range, so that no outgoing connection can take one between two uses:
// a partner that refuses connections comes back on the same port, a system gets its port as a number.
import { createServer } from "node:net";

const FIRST = 15_000;
const LAST = 31_999;
const given = new Set<number>();

/** A port on which nothing listens now and which this process has not given out before. Rejects for a host that is not here. */
export async function freePort(host = "127.0.0.1"): Promise<number> {
  let candidate = FIRST + Math.floor(Math.random() * (LAST - FIRST));
  for (let tries = 0; tries <= LAST - FIRST; tries++) {
    candidate = candidate >= LAST ? FIRST : candidate + 1;
    if (given.has(candidate) || !(await isFree(candidate, host))) continue;
    given.add(candidate);
    return candidate;
  }
  throw new Error(`no free port between ${FIRST} and ${LAST} on ${host}`);
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (cause: NodeJS.ErrnoException) => {
      // Anything else is no matter of the port, and would be the same at every one.
      if (cause.code === "EADDRINUSE" || cause.code === "EACCES") resolve(false);
      else reject(cause);
    });
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
