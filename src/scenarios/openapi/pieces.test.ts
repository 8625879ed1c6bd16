// The pieces of an import that take many forms: schemas of 3.0, patterns, the words of results, what is left out.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileTemplate } from "../../lib/template.ts";
import { createChecker } from "./checker.ts";
import type { OpenApiDocument } from "./document.ts";
import { literal } from "./literal.ts";
import { Optional, settleOptional } from "./optional.ts";
import { findOutcomeField } from "./outcome.ts";
import { textFor } from "./pattern.ts";
import { fieldsOf } from "./shape.ts";
import { standaloneSchema } from "./standalone.ts";
import { valueFor } from "./value.ts";

function documentOf(version: "3.0" | "3.1"): OpenApiDocument {
  return {
    source: {} as OpenApiDocument["source"],
    version,
    data: {},
    resolve: (value) => value,
    problem: () => ({ file: "", message: "" }),
  };
}
const old = documentOf("3.0");
const DIALECT = "https://json-schema.org/draft/2020-12/schema";

describe("a schema of OpenAPI 3.0 becomes draft-07:", () => {
  it.each([
    [{ type: "string", nullable: true }, { type: ["string", "null"] }],
    [
      { type: "string", nullable: true, enum: ["a"] },
      { type: ["string", "null"], enum: ["a", null] },
    ],
    [
      { nullable: true, allOf: [{ type: "object" }] },
      { anyOf: [{ allOf: [{ type: "object" }] }, { type: "null" }] },
    ],
    [
      { type: "integer", minimum: 1, exclusiveMinimum: true },
      { type: "integer", exclusiveMinimum: 1 },
    ],
    [
      { type: "integer", maximum: 9, exclusiveMaximum: false },
      { type: "integer", maximum: 9 },
    ],
    [{ type: "string", format: "x-own", pattern: "(?<bad" }, { type: "string" }],
    [
      {
        type: "object",
        required: ["id", "a"],
        properties: { id: { type: "string", readOnly: true }, a: { type: "string" } },
      },
      { type: "object", required: ["a"], properties: { id: { type: "string" }, a: { type: "string" } } },
    ],
  ])("%j", (given, made) => {
    expect(standaloneSchema(old, given, "request")).toEqual(made);
  });
});

it("makes texts for simple patterns, and none for clever ones", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(
        "^[A-Z]{3}$",
        "^\\d{5}(-\\d{4})?$",
        "^(a|bc)+x*$",
        "^pay_[a-z0-9]{6,30}$",
        "^[A-Z]\\d{2}(\\.\\d{1,2})?$",
        "^\\w+@\\w+\\.com$",
        "^.{4}$",
      ),
      fc.nat(1_000),
      (pattern, seed) => {
        let state = seed;
        const pick = (below: number) => {
          state = (state * 31 + 7) % 10_007;
          return state % below;
        };
        expect(textFor(pattern, pick)).toMatch(new RegExp(pattern, "u"));
      },
    ),
  );
  expect(textFor("^(?=.*\\d)x$", () => 0)).toBeUndefined();
  expect(textFor("^a{1000000000}$", () => 0)).toBeUndefined();
});

it("makes values that fit whatever bounds a schema sets", async () => {
  const whole = fc.record({
    type: fc.constant("integer"),
    minimum: fc.integer({ min: -50, max: 50 }),
    maximum: fc.integer({ min: 60, max: 500 }),
    multipleOf: fc.constantFrom(1, 2, 5),
  });
  const text = fc.record({
    type: fc.constant("string"),
    minLength: fc.nat(40),
    maxLength: fc.integer({ min: 40, max: 90 }),
  });
  const plain = fc.oneof(
    whole,
    text,
    fc.constantFrom(
      { type: "string", format: "uri" },
      { type: "boolean" },
      { enum: ["a", "b"] },
      { type: ["string", "null"] },
    ),
  );
  const schema = fc
    .dictionary(fc.stringMatching(/^[a-z]{1,8}$/), plain, { maxKeys: 6 })
    .map((properties) => ({
      $schema: DIALECT,
      type: "object",
      required: Object.keys(properties),
      properties,
    }));
  await fc.assert(
    fc.asyncProperty(schema, async (one) => {
      const { dataFunctions } = await import("../../lib/business-data.ts");
      const made = compileTemplate(valueFor({ schema: one, tie: () => undefined }));
      const rendered = await made.render({ values: {}, functions: dataFunctions("1", "k") });
      expect((await createChecker(one))(rendered)).toBeUndefined();
    }),
    { numRuns: 40 },
  );
});

it.each([
  [{ status: { type: "string", enum: ["pending", "paid", "failed"] } }, { paid: "90%", failed: "10%" }],
  [{ decision: { type: "string", enum: ["yes", "no", "pending"] } }, { yes: "50%", no: "50%" }],
  [
    { type: { type: "string", enum: ["order.created", "order.approved", "order.rejected"] } },
    { approved: "90%", rejected: "10%" },
  ],
  [{ approved: { type: "boolean" } }, { approved: "90%", denied: "10%" }],
  [{ status: { type: "string", enum: ["accepted", "rejected"] } }, { accepted: "90%", rejected: "10%" }],
  [
    { status: { type: "string", enum: ["accepted", "approved", "denied"] } },
    { approved: "90%", denied: "10%" },
  ],
  [{ customer: { type: "object", properties: { status: { enum: ["active", "blocked"] } } } }, undefined],
])("finds the results in %j", (properties, outcomes) => {
  const schema = { type: "object", properties };
  expect(findOutcomeField(fieldsOf(schema, { root: schema, united: true }))?.outcomes).toEqual(outcomes);
});

it("leaves a property out for as long as it has no value", async () => {
  const settled = settleOptional({
    data: {
      id: "{{ submission.id }}",
      note: "n-{{ submission.id }}",
      list: [1, "x"],
      outcome: new Optional("submission.outcome"),
    },
  });
  const render = (outcome: string | null) =>
    compileTemplate(settled).render({ values: { submission: { id: "s1", outcome } } });
  expect(await render(null)).toEqual({ data: { id: "s1", note: "n-s1", list: [1, "x"] } });
  expect(await render("approved")).toEqual({
    data: { id: "s1", note: "n-s1", list: [1, "x"], outcome: "approved" },
  });
});

it("lets what looks like an expression in a document come out as it is", async () => {
  const braces = fc.array(fc.constantFrom("{", "{{", "}", "}}", " ", '"', "\\", "a", "submission.id"));
  await fc.assert(
    fc.asyncProperty(braces, async (parts) => {
      const text = parts.join("");
      const scope = { values: { submission: { outcome: "approved" } } };
      const plain = literal({ text: [text] });
      expect(await compileTemplate(plain).render(scope)).toEqual({ text: [text] });
      const settled = settleOptional({ text: literal(text), outcome: new Optional("submission.outcome") });
      expect(await compileTemplate(settled).render(scope)).toEqual({ text, outcome: "approved" });
    }),
  );
});

it.each([
  { items: { type: "string" } },
  { items: { type: "string", format: "email" } },
  { items: { type: "string", format: "uuid" } },
  { items: { type: "string", pattern: "^[a-z]{9}$" } },
  { items: { type: "integer", multipleOf: 5 } },
  { items: { enum: ["a", "b", "c", "d"] } },
  { items: { type: "object", properties: { n: { type: "object", properties: { m: { type: "string" } } } } } },
  { prefixItems: [{ type: "boolean" }, { type: "integer" }], items: { type: "string" } },
])("makes distinct items for %j", async (items) => {
  const schema = { $schema: DIALECT, type: "array", minItems: 3, uniqueItems: true, ...items };
  const { dataFunctions } = await import("../../lib/business-data.ts");
  const made = compileTemplate(valueFor({ schema, tie: () => undefined }));
  const rendered = await made.render({ values: {}, functions: dataFunctions("1", "k") });
  expect((await createChecker(schema))(rendered)).toBeUndefined();
});

it("leaves out every optional property where one cannot be made", () => {
  const properties = { a: { type: "string" }, b: { type: "string" }, c: { type: "string" } };
  const schema = { type: "object", required: ["a"], properties };
  const tie = ({ path }: { path: string[] }) => (path[0] === "c" ? "tied" : undefined);
  expect(valueFor({ schema, bare: true, tie })).toEqual({ a: "a-1", c: "tied" });
});
