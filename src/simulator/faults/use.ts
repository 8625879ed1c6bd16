// One entry of a scenario's `faults:`: the fault, its settings beside it, and whom it hits, when and how often.
import * as z from "zod";
import type { FaultUse } from "../plan/schedule.ts";
import { FAULT_NAMES, type FaultName, faultNamed } from "./catalogue.ts";
import type { Fault } from "./fault.ts";
import { attemptsSchema, duringSchema, selectionSchema, stageSchema } from "./targeting.ts";

/** Keys beside the fault's own settings. */
const TARGETING = {
  on: selectionSchema.optional(),
  during: duringSchema.optional(),
  attempts: attemptsSchema.optional(),
};
/** And beside those of what is reported. */
const REPORTED = { stage: stageSchema.optional() };

interface ParsedUse extends Partial<z.output<z.ZodObject<typeof TARGETING & typeof REPORTED>>> {
  fault: FaultName;
}

function memberFor(name: FaultName) {
  const fault = faultNamed(name);
  return z
    .strictObject({
      fault: z.literal(name),
      ...fault.settings.shape,
      ...TARGETING,
      ...(isReported(fault) ? REPORTED : {}),
    })
    .meta({ description: fault.summary })
    .superRefine((use, context) => {
      const { on } = use as unknown as ParsedUse;
      if (on === undefined || on.kind === "all" || targets(fault, use)) return;
      const message = `${name} hits everyone, nobody can be picked or spared; leave \`on\` out`;
      context.addIssue({ code: "custom", path: ["on"], message });
    });
}

function isReported({ point }: Fault): boolean {
  return point === "callback" || point === "payload";
}

function targets(fault: Fault, settings: Record<string, unknown>): boolean {
  return fault.targets?.(settings) ?? fault.spares?.(settings) ?? true;
}

type Member = ReturnType<typeof memberFor>;

const membersSchema = z.discriminatedUnion("fault", FAULT_NAMES.map(memberFor) as [Member, ...Member[]]);

/** Zod: an entry of `faults:` → FaultUse. */
export const faultUseSchema = withInput(membersSchema, (parsed, input): FaultUse => {
  const { fault, on = { kind: "all" }, during, attempts, stage } = parsed as unknown as ParsedUse;
  return {
    fault,
    settings: settingsOf(input),
    on,
    ...(during && { during }),
    ...(attempts && { attempts }),
    ...(stage && { stages: stage }),
  };
});

/** What stands beside `fault:` and belongs to the fault, as it was written. */
function settingsOf(input: unknown): Record<string, unknown> {
  const entries = Object.entries(input as Record<string, unknown>);
  const isTarget = (name: string) => Object.hasOwn(TARGETING, name) || Object.hasOwn(REPORTED, name);
  return Object.fromEntries(entries.filter(([name]) => name !== "fault" && !isTarget(name)));
}

/**
 * A transform that also sees the input. Zod's own shows the parsed value only, and schedules keep settings in the form
 * that users write (`2s`), so that they survive JSON and read well in reports. Parsing is synchronous, so nothing
 * comes between noting the input and using it.
 */
function withInput<Schema extends z.ZodType, Output>(
  schema: Schema,
  build: (parsed: z.output<Schema>, input: unknown) => Output,
) {
  let input: unknown;
  const transformed = schema.transform((parsed) => build(parsed, input));
  const { run } = transformed._zod;
  transformed._zod.run = (payload, context) => {
    input = payload.value;
    return run(payload, context);
  };
  return transformed;
}
