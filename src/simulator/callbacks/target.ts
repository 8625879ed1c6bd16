// Where a callback may go: a partner that POSTs wherever a body says would be a tool for request forgery.

export type Target = { ok: true; url: string } | { ok: false; reason: string };

/** Checks what `callback.to` yielded. Allowed: http(s) without credentials, to loopback or an allowed host (without port). */
export function checkTarget(value: unknown, allowedHosts: readonly string[]): Target {
  if (value === undefined || value === null || value === "") {
    return refuse("callback.to yields nothing for this submission: it names no address");
  }
  if (typeof value !== "string" || !URL.canParse(value)) {
    return refuse(`callback.to yields ${JSON.stringify(value).slice(0, 200)}, which is no absolute URL`);
  }
  const url = new URL(value);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return refuse(`callbacks go to http and https only, not to ${url.protocol}`);
  }
  if (url.username !== "" || url.password !== "") {
    return refuse("the callback address carries credentials, which are never sent");
  }
  if (!isAllowed(url.hostname, allowedHosts)) {
    return refuse(`the host ${url.hostname} is neither loopback nor the system's own host`);
  }
  url.hash = "";
  return { ok: true, url: url.href };
}

/** The URL parser has already turned every spelling of an IPv4 address into four decimal numbers. */
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

function isAllowed(hostname: string, allowedHosts: readonly string[]): boolean {
  if (LOOPBACK.test(hostname)) return true;
  // The URL parser writes IPv6 hosts in brackets; people write them without.
  return allowedHosts.some(
    (host) => hostname === host.toLowerCase() || hostname === `[${host.toLowerCase()}]`,
  );
}

function refuse(reason: string): Target {
  return { ok: false, reason };
}
