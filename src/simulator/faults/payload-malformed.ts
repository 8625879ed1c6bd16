// payload.malformed: the result comes in an unexpected format.
import * as z from "zod";
import { malform } from "../payload/malform.ts";
import { malformSettings } from "../payload/settings.ts";
import { defineFault } from "./fault.ts";

export const payloadMalformed = defineFault({
  name: "payload.malformed",
  point: "payload",
  question: "unexpected-format",
  summary: "the result comes in an unexpected format",
  settings: z.strictObject(malformSettings),
  onset: "delivery",
  mutate: malform,
});
