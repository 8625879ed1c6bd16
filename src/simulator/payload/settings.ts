// The settings of every fault that breaks a payload: which mutation, and of which field.
import * as z from "zod";
import { FAMILY_NAMES, MUTATION_NAMES } from "./catalogue.ts";

export const malformSettings = {
  mutation: z
    .enum([...MUTATION_NAMES, ...FAMILY_NAMES])
    .optional()
    .describe(
      "What is wrong with it, or a family: bytes, structure, values, harmless; default: everything that applies, dealt out over the transactions",
    ),
  field: z
    .string()
    .min(1)
    .optional()
    .describe("Dotted path in the body; default: each field that the mutation applies to, in turn"),
};
