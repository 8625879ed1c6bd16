// partner.yaml of the starter, with what was assumed as comments where it stands.
import { Document, isMap, isPair, isScalar, type Pair, type YAMLMap } from "yaml";
import type { Assumption } from "../openapi/assumption.ts";
import { asMap, type Json } from "../openapi/json.ts";

const SCHEMA = "# yaml-language-server: $schema=node_modules/neverfails/schemas/partner.schema.json\n";

export interface PartnerFileOptions {
  contract: Json;
  assumptions: readonly Assumption[];
  /** Path of the OpenAPI document as the file is to name it; undefined: the contract stands by itself. */
  openapi: string | undefined;
  /** Operations that were chosen by hand. */
  submitOperation?: string | undefined;
}

export function partnerFile({ contract, assumptions, openapi, submitOperation }: PartnerFileOptions): string {
  const submit = {
    ...(submitOperation !== undefined && { operation: submitOperation }),
    ...asMap(contract.submit),
  };
  const whole: Json = { ...(openapi !== undefined && { openapi }), ...contract, submit };
  // What the document says at length, it goes on saying: the link is followed for the schemas.
  const document = new Document(openapi === undefined ? whole : withoutSchemas(whole));
  const root = document.contents as unknown as YAMLMap;
  if (openapi !== undefined)
    note(
      root,
      ["openapi"],
      ' The schemas of requests and results come from this document; what stands below it was read\n from it once and takes precedence. Lines that begin with "assumed" are where it is silent.',
    );
  for (const { path, why } of assumptions) note(root, path.split("."), ` assumed: ${why}`);
  inlineSmallMaps(root);
  return SCHEMA + document.toString({ lineWidth: 110, flowCollectionPadding: true });
}

function withoutSchemas(contract: Json): Json {
  const { schema: _, ...submit } = asMap(contract.submit);
  if (contract.callback === undefined) return { ...contract, submit };
  const { schema: __, ...callback } = asMap(contract.callback);
  return { ...contract, submit, callback };
}

/** A comment above the key at a path, or above the nearest one that is there. */
function note(root: YAMLMap, path: readonly string[], text: string): void {
  let map: unknown = root;
  let found: Pair | undefined;
  for (const step of path) {
    const pair: Pair | undefined = isMap(map)
      ? map.items.find(({ key }) => isScalar(key) && key.value === step)
      : undefined;
    if (!isPair(pair)) break;
    found = pair;
    map = pair.value;
  }
  const key = found?.key;
  if (isScalar(key)) key.commentBefore = [key.commentBefore, text].filter(Boolean).join("\n");
}

const WIDEST = 90;

/** Small mappings without comments stand on one line, as people write them. */
function inlineSmallMaps(map: YAMLMap, depth = 0): void {
  for (const { value } of map.items) {
    if (!isMap(value)) continue;
    inlineSmallMaps(value, depth + 1);
    const isPlain = value.items.every(
      ({ key, value: inner }) =>
        isScalar(key) && !key.commentBefore && (isScalar(inner) || (isMap(inner) && inner.flow)),
    );
    value.flow = isPlain && JSON.stringify(value.toJSON()).length < WIDEST;
  }
}
