// Does a text name a transaction? Whole tokens only: `CLM-001` is not named by `CLM-0017`.

/** The system's own id counts from this length on: shorter ones turn up by accident. */
const SHORTEST_ID = 4;

/** What a transaction may be called in an alert: its key, and the system's id when it is long enough. */
export function callNames(key: string, id: string | undefined): string[] {
  return id !== undefined && id.length >= SHORTEST_ID && id !== key ? [key, id] : [key];
}

/** A test for texts that contain one of the names as a whole word or number. */
export function namesAnyOf(names: readonly string[], { anyCase = false } = {}): (text: string) => boolean {
  const patterns = names
    .filter((name) => name.trim() !== "")
    .map((name) => new RegExp(`${before(name)}${literally(name)}${after(name)}`, anyCase ? "iu" : "u"));
  return (text) => patterns.some((pattern) => pattern.test(text));
}

// 1234 is not named by the amount 1234.50.
function before(name: string): string {
  return /^\d+$/.test(name) ? "(?<![\\p{L}\\p{N}_])(?<!\\d[.,])" : "(?<![\\p{L}\\p{N}_])";
}

function after(name: string): string {
  return /^\d+$/.test(name) ? "(?![\\p{L}\\p{N}_])(?![.,]\\d)" : "(?![\\p{L}\\p{N}_])";
}

function literally(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
