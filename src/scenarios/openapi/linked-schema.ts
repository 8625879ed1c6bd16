// partner.yaml that links to an OpenAPI document, for editors: every part may be left out, or name an operation.
import * as z from "zod";
import { contractSchema } from "../../simulator/contract/contract.ts";

const operation = z.string().min(1).meta({ description: "An operationId, `POST /path`, or `none`" });
const part = z.union([operation, z.record(z.string(), z.unknown())]);

const { name, port, tls, auth, stages } = contractSchema.shape;

export const linkedContractSchema = z.strictObject({
  openapi: z
    .string()
    .min(1)
    .meta({ description: "Path of an OpenAPI 3.0 or 3.1 document; what stands beside it wins" }),
  name: name.optional(),
  port,
  tls,
  auth,
  key: z.string().min(1).optional().meta({ description: "Short for submit.key" }),
  submit: part.optional(),
  stages,
  process: z.record(z.string(), z.unknown()).optional(),
  status: part.optional(),
  callback: part.optional(),
});
