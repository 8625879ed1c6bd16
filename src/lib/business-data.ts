// `$faker('person.fullName')` and `$env('NAME')`: the functions that expressions may call.
import { createRequire } from "node:module";
import type { Faker } from "@faker-js/faker";
import { chooseInteger } from "./choice.ts";
import { ExpressionError, type Scope } from "./expression.ts";

// Loaded when the first expression asks for it, and the English locale alone: the whole package takes ten times as long.
const load = createRequire(import.meta.url);
let loaded: Faker | undefined;
function fakerInstance(): Faker {
  loaded ??= (load("@faker-js/faker/locale/en") as { faker: Faker }).faker;
  return loaded;
}

/** Functions for one rendering. `subject` names what it is about (a transaction key): same subject, same data. */
export function dataFunctions(seed: string, subject: string): NonNullable<Scope["functions"]> {
  let call = 0;
  return {
    faker: (path: string, options?: unknown) => {
      // One instance, re-seeded before every call from (seed, transaction, call number): two renderings that interleave
      // cannot disturb each other.
      const faker = fakerInstance();
      faker.seed(chooseInteger(seed, "faker", subject, call++));
      faker.setDefaultRefDate(new Date("2026-01-01T00:00:00Z"));
      return callFaker(path, options);
    },
    env: readEnvironment,
  };
}

function callFaker(path: string, options: unknown): unknown {
  const [module, method, ...rest] = String(path).split(".");
  const namespace = ownValue(fakerInstance(), module);
  const generate = rest.length === 0 ? ownOrInherited(namespace, method) : undefined;
  if (typeof generate !== "function") {
    throw new ExpressionError(`$faker('${path}')`, `$faker('${path}'): faker has no such generator`);
  }
  const value = options === undefined ? generate.call(namespace) : generate.call(namespace, options);
  return value instanceof Date ? value.toISOString() : value;
}

/** True when `$faker(path)` names a generator, for checks before anything runs. */
export function isFakerPath(path: string): boolean {
  const [module, method, ...rest] = path.split(".");
  return rest.length === 0 && typeof ownOrInherited(ownValue(fakerInstance(), module), method) === "function";
}

function ownValue(target: object, name: string | undefined): unknown {
  return name !== undefined && Object.hasOwn(target, name) ? target[name as keyof typeof target] : undefined;
}

/** faker's modules bind their methods to the instance; everything from Object.prototype stays out of reach. */
function ownOrInherited(target: unknown, name: string | undefined): unknown {
  if (typeof target !== "object" || target === null || name === undefined || name in Object.prototype)
    return undefined;
  return (target as Record<string, unknown>)[name];
}

function readEnvironment(name: string, fallback?: string): string {
  const value = process.env[name] ?? fallback;
  if (value !== undefined) return value;
  throw new ExpressionError(
    `$env('${name}')`,
    `$env('${name}'): the variable is not set; set it or write $env('${name}', '')`,
  );
}
