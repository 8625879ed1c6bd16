// Does a text name a transaction? Whole tokens only: `CLM-001` is not named by `CLM-0017`.

/** The system's own id counts from this length on: shorter ones turn up by accident. */
const SHORTEST_ID = 4;

/** What a transaction may be called in an alert: its key, and the system's id when it is long enough. */
export function callNames(key: string, id: string | undefined): string[] {
  return id !== undefined && id.length >= SHORTEST_ID && id !== key ? [key, id] : [key];
}

/** A test for texts that contain one of the names as a whole word or number. */
export function namesAnyOf(names: readonly string[], { anyCase = false } = {}): (text: string) => boolean {
  const fold = (text: string) => (anyCase ? text.toLowerCase() : text);
  const tests = names
    .filter((name) => name.trim() !== "")
    .map((name) => {
      const folded = fold(name);
      // Compiled for the texts that contain the name at all: most do not, and these patterns are dear.
      let pattern: RegExp | undefined;
      return (text: string) => {
        if (!fold(text).includes(folded)) return false;
        pattern ??= new RegExp(`${before(name)}${literally(name)}${after(name)}`, anyCase ? "iu" : "u");
        return pattern.test(text);
      };
    });
  return (text) => tests.some((test) => test(text));
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
