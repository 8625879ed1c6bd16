// Secrets never reach a history, a report or a log of ours.

export type Redact = (text: string) => string;

/** Replaces every occurrence of every secret (4 characters or more) by `[redacted]`. */
export function createRedactor(secrets: Iterable<string>): Redact {
  const known = [...new Set(secrets)]
    .filter((secret) => secret.length >= 4)
    .sort((a, b) => b.length - a.length);
  if (known.length === 0) return (text) => text;
  return (text) => known.reduce((result, secret) => result.replaceAll(secret, "[redacted]"), text);
}
