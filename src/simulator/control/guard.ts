// Who may use the control API: no other site (Origin), no rebound name (Host), nobody without the token where one is asked for.
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { problemReply } from "../pipeline/problem-details.ts";
import type { Reply } from "../pipeline-values.ts";

export interface GuardOptions {
  /** What the API listens on. */
  host: string;
  port: number;
  /** Undefined: nobody is asked for one. */
  token: string | undefined;
}

/** The refusal of a request with these headers; undefined when it is let in. `open`: no token is needed for this path. */
export type Guard = (headers: IncomingHttpHeaders, open: boolean) => Reply | undefined;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const WILDCARDS = new Set(["0.0.0.0", "::"]);
/** The partner's own callbacks may be sent to any loopback port: they must not steer it. */
const OWN_CALLBACKS = "neverfails-partner";

export function createGuard({ host, port, token }: GuardOptions): Guard {
  const own = host.includes(":") ? `[${host.toLowerCase()}]` : host.toLowerCase();
  // Listening everywhere, its names cannot be known; there the token is what keeps others out.
  const isKnown = (name: string) => WILDCARDS.has(host) || LOOPBACK.test(name) || name === own;

  function nameOf(authority: string | undefined): string | undefined {
    const match = /^(\[[\da-fA-F:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/.exec(authority ?? "");
    if (!match || (match[2] !== undefined && Number(match[2]) !== port)) return undefined;
    return match[1]?.toLowerCase();
  }

  function isOwnOrigin(origin: string): boolean {
    const name = origin.startsWith("http://") ? nameOf(origin.slice("http://".length)) : undefined;
    return name !== undefined && isKnown(name);
  }

  return (headers, open) => {
    const name = nameOf(headers.host);
    if (name === undefined || !isKnown(name)) {
      return problemReply(403, "The Host header names another host than this one.");
    }
    const { origin } = headers;
    if (origin !== undefined && !isOwnOrigin(origin)) {
      return problemReply(403, "Requests from pages of another origin are refused.");
    }
    const site = headers["sec-fetch-site"];
    if (site === "cross-site" || site === "same-site") {
      return problemReply(403, "Requests from pages of another site are refused.");
    }
    if (headers["user-agent"] === OWN_CALLBACKS) {
      return problemReply(403, "Callbacks of a partner are refused.");
    }
    return open || token === undefined ? undefined : refuseWithout(token, headers.authorization);
  };
}

function refuseWithout(token: string, authorization: string | undefined): Reply | undefined {
  const given = /^bearer +(\S+)$/i.exec(authorization?.trim() ?? "")?.[1];
  if (given !== undefined && isSame(given, token)) return undefined;
  const detail =
    given === undefined ? "The control API wants a bearer token." : "The bearer token is not valid.";
  const challenge = `Bearer realm="neverfails"${given === undefined ? "" : ', error="invalid_token"'}`;
  const reply = problemReply(401, detail);
  return { ...reply, headers: { ...reply.headers, "www-authenticate": challenge } };
}

/** In constant time, whatever their lengths. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
