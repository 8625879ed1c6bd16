// HTML forms as JSON values. Brackets nest: `tags[]=a`, `metadata[color]=red`, `items[0][id]=7`.

/** An own property of this name is harmless by itself, but not for whatever copies it by assignment. */
export const HOSTILE = "__proto__";

/** What stands below a name: more names, or its values in the order in which they came. */
type Branch = Map<string, Branch | string[]>;

/** A name that comes several times becomes a list. */
export function parseForm(text: string): Record<string, unknown> {
  const root: Branch = new Map();
  for (const [name, value] of new URLSearchParams(text)) {
    const path = pathOf(name);
    if (path.includes(HOSTILE)) continue;
    // A name that is a value already cannot nest; then the brackets are only part of a name.
    if (!put(root, path, value)) put(root, [name], value);
  }
  return toObject(root);
}

const NESTED = /^([^[\]]+)((?:\[[^[\]]*\]){1,20})$/;

function pathOf(name: string): string[] {
  const [, first, rest = ""] = NESTED.exec(name) ?? [];
  return first === undefined ? [name] : [first, ...rest.slice(1, -1).split("][")];
}

/** False where values and names would stand in one place. */
function put(branch: Branch, [step = "", ...rest]: readonly string[], value: string): boolean {
  const key = step === "" ? String(branch.size) : step;
  const found = branch.get(key);
  if (rest.length === 0) {
    if (found === undefined) branch.set(key, [value]);
    else if (Array.isArray(found)) found.push(value);
    return !(found instanceof Map);
  }
  if (Array.isArray(found)) return false;
  const below: Branch = found ?? new Map();
  branch.set(key, below);
  return put(below, rest, value);
}

function toObject(branch: Branch): Record<string, unknown> {
  return Object.fromEntries([...branch].map(([name, item]) => [name, toValue(item)]));
}

function toValue(item: Branch | string[]): unknown {
  if (Array.isArray(item)) return item.length === 1 ? item[0] : item;
  const isList = [...item.keys()].every((key, i) => key === String(i));
  return isList ? [...item.values()].map(toValue) : toObject(item);
}
