// Which alerts are open on a channel: a repeat with the same dedup key joins the open one, after a resolve it is a new one.

export interface OpenAlerts {
  /** The alert that this message belongs to, and whether it was open already. */
  fire(channel: string, dedup: string | undefined, subject: string): { alert: string; repeat: boolean };
  /** Closes and returns what the message ends; undefined when nothing of the kind is open. */
  resolve(channel: string, dedup: string | undefined, subject: string): string | undefined;
}

interface Open {
  alert: string;
  channel: string;
  dedup: string | undefined;
  subject: string;
}

/** Alert ids count per channel: `claimsOps-1`, `claimsOps-2`. */
export function createOpenAlerts(): OpenAlerts {
  const counts = new Map<string, number>();
  let open: Open[] = [];

  const find = (channel: string, dedup: string | undefined, subject: string): Open | undefined => {
    const candidates = open.filter((entry) => entry.channel === channel);
    if (dedup !== undefined) return candidates.find((entry) => entry.dedup === dedup);
    // Without a key, as in chat: the one that says the same, or else the latest.
    return candidates.findLast((entry) => entry.subject === subject) ?? candidates.at(-1);
  };

  return {
    fire(channel, dedup, text) {
      const subject = subjectOf(text);
      const joined = dedup === undefined ? undefined : find(channel, dedup, subject);
      if (joined) return { alert: joined.alert, repeat: true };
      const number = (counts.get(channel) ?? 0) + 1;
      counts.set(channel, number);
      const alert = `${channel}-${number}`;
      open.push({ alert, channel, dedup, subject });
      return { alert, repeat: false };
    },
    resolve(channel, dedup, text) {
      const found = find(channel, dedup, subjectOf(text));
      if (!found) return undefined;
      open = open.filter((entry) => entry !== found);
      return found.alert;
    },
  };
}

/** What two messages about the same thing have in common: the first line without `[FIRING:1]`, `Resolved:` and the like. */
export function subjectOf(text: string): string {
  const [line = ""] = text.split("\n", 1);
  return line
    .replace(/\[(?:firing|resolved|recovered|alert|warning|critical)[^\]]*\]/giu, "")
    .replace(/^\W*(?:alert|firing|resolved|recovered|all clear)\s*[:!—–-]/iu, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .toLowerCase();
}
