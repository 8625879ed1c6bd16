import { describe, expect, it } from "vitest";
import * as z from "zod";
import { describeUse } from "./describe.ts";
import { FAULT_NAMES, type FaultName, faultNamed, faultUseSchema } from "./index.ts";

describe("an entry of `faults:`", () => {
  it.each([
    ["30%", { kind: "share", share: 0.3 }],
    ["all", { kind: "all" }],
    ["first 3", { kind: "first", count: 3 }],
    ["every 4th", { kind: "every", nth: 4 }],
    [[1, 5, 7], { kind: "list", ordinals: [1, 5, 7] }],
    [{ where: "start.amount > 1000" }, { kind: "where", expression: "start.amount > 1000" }],
  ])("reads on: %j", (on, expected) => {
    expect(faultUseSchema.parse({ fault: "callback.missing", on })).toMatchObject({ on: expected });
  });

  it.each([
    ["0s..5s", { kind: "span", fromMs: 0, toMs: 5_000 }],
    [
      { every: "3s", for: "1s" },
      { kind: "flapping", everyMs: 3_000, forMs: 1_000 },
    ],
  ])("reads during: %j", (during, expected) => {
    expect(faultUseSchema.parse({ fault: "callback.missing", during })).toMatchObject({ during: expected });
  });

  it.each([
    ["1..3", { from: 1, to: 3 }],
    [2, { from: 2, to: 2 }],
  ])("reads attempts: %j", (attempts, expected) => {
    expect(faultUseSchema.parse({ fault: "callback.missing", attempts })).toMatchObject({
      attempts: expected,
    });
  });

  it("keeps settings in the form that users write", () => {
    const parsed = z
      .array(faultUseSchema)
      .parse([
        { fault: "submit.slow", delay: "1s..2s", on: "all" },
        { fault: "submit.unavailable", retryAfter: "1s" },
        { fault: "callback.missing" },
      ]);
    expect(parsed.map(({ settings }) => settings)).toEqual([{ delay: "1s..2s" }, { retryAfter: "1s" }, {}]);
  });

  it("lists every fault when the name is unknown", () => {
    const issue = faultUseSchema.safeParse({ fault: "submit.slwo" }).error?.issues[0];
    expect(issue).toMatchObject({ code: "invalid_union", discriminator: "fault", path: ["fault"] });
    expect(issue && "options" in issue ? issue.options : []).toEqual(FAULT_NAMES);
  });

  it.each([
    [{ fault: "submit.slow", dely: "1s" }, []],
    [{ fault: "submit.slow", delay: "1x" }, ["delay"]],
    [{ fault: "submit.slow", on: "some" }, ["on"]],
    [{ fault: "submit.slow", on: "0%" }, ["on"]],
    [{ fault: "submit.slow", on: [0] }, ["on"]],
    [{ fault: "submit.slow", during: "5s..1s" }, ["during"]],
    [{ fault: "submit.slow", during: { every: "1s", for: "2s" } }, ["during"]],
    [{ fault: "submit.slow", attempts: "3..1" }, ["attempts"]],
    [{ fault: "connection.refused", on: "30%" }, ["on"]],
    [{ fault: "connection.reset", when: "accept", on: "first 1" }, ["on"]],
    [{ fault: "processing.stuck", clears: "after lunch" }, ["clears"]],
  ])("refuses %j at the right place", (use, path) => {
    const issues = faultUseSchema.safeParse(use).error?.issues ?? [];
    expect(issues.map((issue) => issue.path.slice(0, path.length))).toEqual([path]);
  });

  it("becomes a JSON Schema with one branch a fault", () => {
    const schema = z.toJSONSchema(faultUseSchema, { io: "input", target: "draft-7", unrepresentable: "any" });
    const branches = (schema.oneOf ?? []) as {
      properties: { fault: { const: string } };
      additionalProperties: boolean;
    }[];
    expect(branches.map((branch) => branch.properties.fault.const)).toEqual(FAULT_NAMES);
    expect(branches.every((branch) => branch.additionalProperties === false)).toBe(true);
  });
});

describe("every fault", () => {
  it.each(FAULT_NAMES)("%s works without settings and is filed under its own name and point", (name) => {
    const fault = faultNamed(name);
    expect(fault.name).toBe(name);
    expect(name.split(".")[0]).toBe(fault.point);
    expect(fault.summary).toMatch(/^\S.{8,80}[^.]$/);
    expect(describeUse(faultUseSchema.parse({ fault: name }))).toMatchObject({
      fault: name,
      onset: fault.onset,
    });
  });

  it.each([
    ["connection.refused", {}, { spares: false, selfHealing: false }],
    ["connection.reset", { when: "accept" }, { spares: false }],
    ["connection.reset", {}, { spares: true }],
    ["processing.stuck", {}, { selfHealing: false, onset: "promise" }],
    ["processing.stuck", { clears: "after 5s" }, { selfHealing: true }],
    ["processing.slow", {}, { selfHealing: true, onset: "promise" }],
    ["status.stale", {}, { onset: "poll" }],
  ] as const)("%s %j is described as %j", (fault, settings, expected) => {
    expect(describeUse({ fault: fault satisfies FaultName, settings })).toMatchObject(expected);
  });
});
