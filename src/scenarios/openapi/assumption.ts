// What an import had to assume because the document is silent: the value, why, and how to say otherwise.

export interface Assumption {
  /** Where it stands in partner.yaml: `submit.key`. */
  path: string;
  /** The assumed value as YAML would write it, short. */
  value: string;
  /** Why, and what to do when it is wrong. */
  why: string;
}

export type Assume = (path: string, value: unknown, why: string) => void;

export function assumption(path: string, value: unknown, why: string): Assumption {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return { path, value: text.length > 100 ? `${text.slice(0, 97)}…` : text, why };
}

export function formatAssumption({ path, value, why }: Assumption): string {
  return `${path}: ${value}  (${why})`;
}

/** Those about which the user has said nothing. `overrides`: what stands beside `openapi:`. */
export function stillAssumed(assumptions: readonly Assumption[], overrides: unknown): Assumption[] {
  return assumptions.filter(({ path }) => !says(overrides, path.split(".")));
}

function says(value: unknown, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) return value !== undefined;
  if (typeof value !== "object" || value === null) return value !== undefined;
  return Object.hasOwn(value, step) && says(Reflect.get(value, step), rest);
}
