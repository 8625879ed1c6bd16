// The JSON Schemas that editors use, generated from the zod schemas.
import * as z from "zod";
import { contractSchema } from "../simulator/contract/contract.ts";
import { configSchema } from "./config-schema.ts";
import { linkedContractSchema } from "./openapi/linked-schema.ts";
import { scenarioSchema } from "./scenario-schema.ts";

const SCHEMAS = {
  "neverfails.schema.json": { schema: configSchema, title: "neverfails.yaml: the system under test" },
  "partner.schema.json": {
    schema: z.union([contractSchema, linkedContractSchema]),
    title: "partner.yaml: what the partner promises",
  },
  "scenario.schema.json": { schema: scenarioSchema, title: "A neverfails scenario" },
} as const;

/** File name below `schemas/` → its text. What users write (`io: input`), in draft-07, which every editor knows. */
export function jsonSchemaFiles(): Map<string, string> {
  return new Map(
    Object.entries(SCHEMAS).map(([name, { schema, title }]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, {
        io: "input",
        target: "draft-7",
        unrepresentable: "any",
        reused: "ref",
      });
      return [name, `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`];
    }),
  );
}
