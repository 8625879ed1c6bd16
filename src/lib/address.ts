// Where a server of ours is reached from this machine, and whether from this machine only.
import { isIPv4 } from "node:net";

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/** Where it is reached from this machine. */
export function addressOf(host: string, port: number, scheme: "http" | "https" = "http"): string {
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `${scheme}://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
