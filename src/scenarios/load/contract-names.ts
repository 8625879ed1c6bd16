// Checks the templates and expressions of a contract against the names that exist at each place.
import type { Problem } from "../../lib/problem.ts";
import { CONTRACT_PLACES, isAddressText, stagePlaces } from "../../simulator/contract/names.ts";
import { lookup } from "./lookup.ts";
import { checkExpression, checkTemplate } from "./names.ts";
import type { Path, Source } from "./source.ts";

/** Runs on unchecked data, beside the mistakes of shape. `base`: where the contract stands in the file. */
export function checkContractExpressions(source: Source, base: Path): Problem[] {
  const stages = lookup(source.data, [...base, "stages"]);
  const places = [...CONTRACT_PLACES, ...stagePlaces(Array.isArray(stages) ? stages.length : 0)];
  return places.flatMap(({ path: below, holds, names }) => {
    const path = [...base, ...below];
    const value = lookup(source.data, path);
    const place = { source, path, names };
    if (holds === "template" || typeof value !== "string") return checkTemplate(value, place);
    if (holds === "address" && isAddressText(value)) return checkTemplate(value, place);
    return checkExpression(value, place);
  });
}
