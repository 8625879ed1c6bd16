// References inside the one tree of a document.
import { lookup } from "../load/lookup.ts";
import { asMap, asText, type Json } from "./json.ts";
import { pointerPath } from "./pointer.ts";

/** A chain of references longer than this is a circle. */
const LONGEST_CHAIN = 50;

/** What a value stands for once its references are followed; undefined for a circle of references. */
export function follow(data: Json, value: unknown): unknown {
  let found = value;
  for (let i = 0; i < LONGEST_CHAIN; i++) {
    const reference = asText(asMap(found).$ref);
    if (reference === undefined) return found;
    found = lookup(data, pointerPath(reference.slice(1)));
  }
  return undefined;
}

/** True when a reference leads back to itself by way of nothing but references. */
export function isCircle(data: Json, reference: string): boolean {
  let next: string | undefined = reference;
  for (let i = 0; i < LONGEST_CHAIN && next !== undefined; i++) {
    next = asText(asMap(lookup(data, pointerPath(next.slice(1)))).$ref);
    if (next === reference) return true;
  }
  return false;
}
