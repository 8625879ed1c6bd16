// Secrets never reach a history, a report or a log of ours.

/** What every access token of the fake partner begins with: so those that are handed out during a run are known as well. */
export const ACCESS_TOKEN_PREFIX = "nfat_";
const ACCESS_TOKEN = /\bnfat_[\w-]{20,}/g;
const HIDDEN = "[redacted]";

export type Redact = (text: string) => string;

/** Replaces every occurrence of every secret (4 characters or more) and every access token by `[redacted]`. */
export function createRedactor(secrets: Iterable<string>): Redact {
  const known = [...new Set([...secrets].flatMap(spellings))]
    .filter((secret) => secret.length >= 4)
    .sort((a, b) => b.length - a.length);
  return (text) =>
    known.reduce(
      (result, secret) => result.replaceAll(secret, HIDDEN),
      text.replaceAll(ACCESS_TOKEN, HIDDEN),
    );
}

/** As it is, inside a JSON text, in a URL and in a form. */
function spellings(secret: string): string[] {
  const inUrl = encodeURIComponent(secret);
  return [secret, JSON.stringify(secret).slice(1, -1), inUrl, inUrl.replaceAll("%20", "+")];
}
