import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choose } from "../../lib/choice.ts";
import type { Payload } from "../pipeline-values.ts";
import { families, MUTATION_NAMES, type MutationName, mutations } from "./catalogue.ts";
import { changeField } from "./document.ts";
import { malform } from "./malform.ts";
import { extraFields, fieldRenamed } from "./structure.ts";

const document = {
  id: "evt_1",
  type: "claim.settled",
  reference: "CLM-7",
  outcome: "approved",
  amount: 120.5,
  note: "thank you",
  settledAt: "2026-01-05T10:00:00.000Z",
  lines: [{ code: "A1", units: 2 }],
};
const schema = {
  type: "object",
  required: ["id", "reference", "outcome", "amount", "settledAt", "lines"],
  properties: {
    id: { type: "string" },
    type: { type: "string" },
    reference: { type: "string" },
    outcome: { enum: ["approved", "denied"] },
    amount: { type: "number", minimum: 0 },
    note: { type: ["string", "null"] },
    settledAt: { type: "string", format: "date-time" },
    lines: {
      type: "array",
      items: {
        type: "object",
        required: ["code"],
        properties: { code: { type: "string" }, units: { type: "integer" } },
      },
    },
  },
};
const ajv = new Ajv({ allErrors: true, strict: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);

const honest = (more: Partial<Payload> = {}): Payload => ({
  body: Buffer.from(JSON.stringify(document)),
  contentType: "application/json",
  headers: {},
  content: "genuine",
  claims: "approved",
  ...more,
});
const context = (ordinal: number, seed = "seed", rank = ordinal - 1) => ({
  key: "CLM-7",
  ordinal,
  outcomes: ["approved", "denied"],
  choose: (purpose: string) => choose(seed, ordinal, purpose),
  dealing: { rank, choose: (purpose: string) => choose(seed, purpose) },
});
const textOf = (payload: Payload | undefined) => Buffer.from(payload?.body ?? []).toString("utf8");
const jsonOf = (payload: Payload | undefined) => JSON.parse(textOf(payload));

/** Every variant that is dealt of one mutation over many transactions. */
function variants(mutation: MutationName, payload: Payload): Payload[] {
  const found = new Map<string, Payload>();
  for (let ordinal = 1; ordinal <= 200; ordinal++) {
    const { mutants: _, ...variant } = malform(payload, { mutation }, context(ordinal)) ?? {};
    if ("body" in variant) found.set(variant.field ?? "", variant as Payload);
  }
  return [...found.values()];
}

describe("bytes", () => {
  it.each([
    ["empty", null],
    ["truncated", null],
    ["invalid-json", "approved"],
    ["html", null],
    ["xml", null],
    ["byte-order-mark", "approved"],
    ["wrong-charset", "approved"],
    ["undeclared-gzip", "approved"],
  ] as const)("%s cannot be read by JSON.parse, and leaves %s to a lenient reader", (mutation, claims) => {
    const broken = malform(honest(), { mutation }, context(1));
    expect(() => JSON.parse(textOf(broken))).toThrow();
    expect(broken).toMatchObject({ mutation, content: "malformed", claims });
  });

  it("truncates inside the outcome, so that nothing of it can be believed", () => {
    const text = textOf(malform(honest(), { mutation: "truncated" }, context(1)));
    expect(JSON.stringify(document).startsWith(text)).toBe(true);
    expect(text).toContain('"outcome":');
    expect(text).not.toContain("approved");
  });

  it("changes only the content type for wrong-content-type", () => {
    const broken = malform(honest(), { mutation: "wrong-content-type" }, context(1));
    expect(jsonOf(broken)).toEqual(document);
    expect(broken?.contentType).toMatch(/^text\/plain/);
    expect(broken?.claims).toBe("approved");
  });
});

describe("bytes that are JSON all the same", () => {
  const bytesOf = (mutation: MutationName, payload = honest()) =>
    Buffer.from(malform(payload, { mutation }, context(1))?.body ?? []);

  it("duplicate-keys: the lie stands where most parsers look, and nobody can know which was meant", () => {
    const text = bytesOf("duplicate-keys").toString();
    expect(text.match(/"outcome":"\w+"/g)).toEqual(['"outcome":"approved"', '"outcome":"denied"']);
    expect(JSON.parse(text)).toEqual({ ...document, outcome: "denied" });
    expect(malform(honest(), { mutation: "duplicate-keys" }, context(1))?.claims).toBeNull();
  });

  it("huge: two megabytes longer, and the same document", () => {
    const huge = bytesOf("huge");
    expect(huge.length).toBe(JSON.stringify(document).length + 2 * 1024 * 1024);
    expect(JSON.parse(huge.toString())).toEqual(document);
  });

  it("deep: ten thousand lists in one another beside what was promised", () => {
    const { details, ...rest } = JSON.parse(bytesOf("deep").toString());
    expect(rest).toEqual(document);
    let levels = 0;
    for (let inner = details; Array.isArray(inner); inner = inner[0]) levels += 1;
    expect(levels).toBe(10_000);
  });

  it("wrong-charset: Latin-1 where that differs, else UTF-16, and says UTF-8", () => {
    const umlauts = JSON.stringify({ note: "Müller", outcome: "approved" });
    const latin = honest({ body: Buffer.from(umlauts) });
    expect(bytesOf("wrong-charset", latin).toString("latin1")).toBe(umlauts);
    expect(bytesOf("wrong-charset").toString("utf16le")).toBe(JSON.stringify(document));
    const { contentType } = malform(honest(), { mutation: "wrong-charset" }, context(1)) ?? {};
    expect(contentType).toBe("application/json; charset=utf-8");
  });

  it("undeclared-gzip: the document, compressed", () => {
    expect(JSON.parse(gunzipSync(bytesOf("undeclared-gzip")).toString())).toEqual(document);
  });

  it.each(["key-order", "white-space"] as const)("%s: the same document in other bytes", (mutation) => {
    expect(JSON.parse(bytesOf(mutation).toString())).toEqual(document);
    expect(bytesOf(mutation).toString()).not.toBe(JSON.stringify(document));
  });
});

describe("with a schema", () => {
  it.each([
    ["field-missing", ["amount", "id", "lines", "lines.0.code", "outcome", "reference", "settledAt"]],
    [
      "field-null",
      ["amount", "id", "lines", "lines.0.code", "lines.0.units", "outcome", "reference", "settledAt", "type"],
    ],
    [
      "wrong-type",
      [
        "amount",
        "id",
        "lines",
        "lines.0.code",
        "lines.0.units",
        "note",
        "outcome",
        "reference",
        "settledAt",
        "type",
      ],
    ],
    ["unknown-enum", ["outcome"]],
    ["case-changed", ["outcome"]],
    ["date-format", ["settledAt"]],
    ["timezone-missing", ["settledAt"]],
    ["number-as-text", ["amount", "lines.0.units"]],
    ["negative", ["amount"]],
    ["empty-text", ["outcome", "settledAt"]],
  ] as const)("%s touches exactly the fields that the schema says are wrong", (mutation, fields) => {
    const found = variants(mutation, honest({ schema }));
    expect(found.map(({ field }) => field).sort()).toEqual(fields);
    for (const variant of found) {
      expect(validate(jsonOf(variant))).toBe(false);
      // One thing is wrong and nothing else: every error is about that field.
      const name = variant.field?.split(".").at(-1) ?? "";
      for (const { instancePath, params } of validate.errors ?? []) {
        expect(`${instancePath}/${params.missingProperty ?? ""}`).toContain(name);
      }
      expect(variant.content).toBe("malformed");
      expect(variant.claims).toBe(
        variant.field === "outcome" && mutation !== "case-changed" ? null : "approved",
      );
    }
  });

  it.each(families.harmless)("%s still validates and is harmless", (mutation) => {
    const found = variants(mutation, honest({ schema }));
    expect(found.length).toBeGreaterThan(0);
    for (const variant of found) {
      expect(textOf(variant)).not.toBe(JSON.stringify(document));
      expect(validate(jsonOf(variant))).toBe(true);
      expect(variant).toMatchObject({ content: "harmless", claims: "approved" });
    }
  });

  it("does not add fields where the schema forbids them", () => {
    const closed = { ...schema, additionalProperties: false };
    expect(malform(honest({ schema: closed }), { mutation: "extra-fields" }, context(1))).toBeUndefined();
  });

  it("falls back on the JSON itself when not even the honest payload satisfies the schema", () => {
    const broken = malform(honest({ schema: { type: "array" } }), { mutation: "extra-fields" }, context(1));
    expect(broken?.content).toBe("harmless");
  });

  it("calls it harmless when somebody insists on removing an optional field", () => {
    const optional = malform(honest({ schema }), { mutation: "field-missing", field: "note" }, context(1));
    expect(jsonOf(optional)).not.toHaveProperty("note");
    expect(optional?.content).toBe("harmless");
  });
});

describe("without a schema", () => {
  it("takes the outcome's field for an unknown word, and says nothing about the outcome any more", () => {
    const broken = malform(honest(), { mutation: "unknown-enum" }, context(1));
    expect(broken).toMatchObject({ field: "outcome", claims: null, content: "malformed" });
    expect(["approved", "denied"]).not.toContain(jsonOf(broken).outcome);
  });

  it("writes dates as people do", () => {
    const broken = malform(honest(), { mutation: "date-format" }, context(1));
    expect(jsonOf(broken)).toEqual({ ...document, settledAt: "05/01/2026 10:00" });
  });

  it("touches the field that was asked for and nothing else", () => {
    const broken = malform(honest(), { mutation: "field-null", field: "lines.0.units" }, context(3));
    expect(jsonOf(broken)).toEqual({ ...document, lines: [{ code: "A1", units: null }] });
    expect(broken).toMatchObject({ field: "lines.0.units", claims: "approved" });
  });

  it("keeps free text apart from what machines read", () => {
    expect(variants("hostile-text", honest()).map(({ field }) => field)).toEqual(["note"]);
    const ids = honest({
      body: Buffer.from('{"claim":"sub_40pscj0001","by":"a@b.example","remark":"Fine"}'),
    });
    expect(variants("hostile-text", ids).map(({ field }) => field)).toEqual(["remark"]);
  });

  it.each([
    ["precision-lost", "amount", 120.49999999999997],
    ["unit-changed", "amount", 12_050],
    ["very-long-text", "note", expect.stringMatching(/^thank you (and so on ){10000}$/)],
  ] as const)("%s of %s keeps to the schema, and is wrong all the same", (mutation, field, value) => {
    const broken = malform(honest({ schema }), { mutation, field }, context(1));
    expect(jsonOf(broken)).toEqual({ ...document, [field]: value });
    expect(validate(jsonOf(broken))).toBe(true);
    expect(broken).toMatchObject({ content: "malformed", claims: "approved" });
  });

  it.each([
    ["precision-lost", { number: "12345678901234567" }, { number: "12345678901234568" }],
    ["precision-lost", { total: 120 }, { total: 119.99999999999997 }],
    ["unit-changed", { currency: "EUR" }, { currency: "JPY" }],
    ["unit-changed", { price: 19.99 }, { price: 1_999 }],
    ["wrong-type", { tags: ["urgent", "b"] }, { tags: [42, "b"] }],
  ] as const)("%s makes of %j %j", (mutation, before, after) => {
    const [field = ""] = Object.keys(before);
    const path = field === "tags" ? "tags.0" : field;
    const payload = honest({ body: Buffer.from(JSON.stringify(before)), claims: null });
    expect(jsonOf(malform(payload, { mutation, field: path }, context(1)))).toEqual(after);
  });

  it.each([
    ["field-renamed", { field: "settledAt" }, { settled_at: document.settledAt }],
    ["field-nested", { field: "outcome" }, { outcome: { value: "approved" } }],
    ["envelope-added", {}, { data: document }],
  ] as const)("%s moves what it says", (mutation, options, expected) => {
    expect(jsonOf(malform(honest(), { mutation, ...options }, context(1)))).toMatchObject(expected);
  });
});

it.each([
  [{ mutation: "date-format", field: "outcome" }],
  [{ mutation: "field-null", field: "nowhere" }],
  [{ mutation: "html", field: "outcome" }],
] as const)("does not fire where it does not apply: %j", (options) => {
  expect(malform(honest(), options, context(1))).toBeUndefined();
});

it("keeps a lie a lie when it only adds to it", () => {
  const lie = honest({ content: "false", claims: "approved" });
  expect(malform(lie, { mutation: "extra-fields" }, context(1))?.content).toBe("false");
});

describe("dealing", () => {
  const nameOf = (payload: Payload | undefined) => `${payload?.mutation} of ${payload?.field ?? "the body"}`;
  const dealt = (count: number, seed?: string, payload = honest({ schema })) =>
    Array.from({ length: count }, (_, rank) => malform(payload, {}, context(3 * rank + 2, seed, rank)));

  it("gives as many transactions as many different mutants, every mutation before any of them twice", () => {
    const { length } = dealt(1)[0]?.mutants ?? [];
    const all = dealt(length);
    expect(length).toBeGreaterThan(60);
    expect(new Set(all.map(nameOf)).size).toBe(length);
    expect(
      [...new Set(all.slice(0, MUTATION_NAMES.length).map((payload) => payload?.mutation))].sort(),
    ).toEqual([...MUTATION_NAMES].filter((name) => variants(name, honest({ schema })).length > 0).sort());
    expect(dealt(length + 1).at(-1)).toEqual(all[0]);
  });

  it("begins elsewhere with another seed", () => {
    expect(dealt(6, "one").map(nameOf)).not.toEqual(dealt(6, "two").map(nameOf));
  });

  it("gives a redelivery the same mutant, although the time in it is another", () => {
    const later = { ...document, settledAt: "2026-01-05T10:00:07.000Z" };
    const again = dealt(60, "seed", honest({ schema, body: Buffer.from(JSON.stringify(later)) }));
    expect(again.map(nameOf)).toEqual(dealt(60).map(nameOf));
  });

  it("says what else could have been dealt, as far as the settings allow it", () => {
    const mutants = (options: Parameters<typeof malform>[1]) =>
      malform(honest({ schema }), options, context(1))?.mutants;
    expect(mutants({ mutation: "timezone-missing" })).toEqual([
      { mutation: "timezone-missing", field: "settledAt" },
    ]);
    expect(new Set(mutants({ field: "lines.0.units" })?.map(({ field }) => field))).toEqual(
      new Set(["lines.0.units"]),
    );
    expect(new Set(mutants({ mutation: "structure" })?.map(({ mutation }) => mutation))).toEqual(
      new Set(families.structure),
    );
  });
});

/** Bodies of megabytes are compared by their hash. */
const digest = (payload: Payload | undefined) =>
  payload && { ...payload, body: createHash("sha1").update(payload.body).digest("hex") };

it("depends on seed and transaction alone, never on what was broken before", () => {
  const settings = fc.record(
    { mutation: fc.constantFrom(...MUTATION_NAMES), field: fc.constantFrom("outcome", "lines.0.code") },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.string(),
      fc.array(fc.tuple(fc.nat(500), settings)),
      fc.boolean(),
      (seed, uses, withSchema) => {
        const payload = honest(withSchema ? { schema } : {});
        const breakAll = (list: typeof uses) =>
          list.map(([ordinal, options]) => digest(malform(payload, options, context(ordinal + 1, seed))));
        expect(breakAll([...uses].reverse()).reverse()).toEqual(breakAll(uses));
        expect(textOf(payload)).toBe(JSON.stringify(document));
      },
    ),
  );
});

it("survives any JSON", () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(...MUTATION_NAMES), (json, mutation) => {
      const payload = honest({ body: Buffer.from(json), claims: null });
      const broken = malform(payload, { mutation }, context(1));
      const { kind } = mutations[mutation];
      if (kind === "bytes") expect(broken === undefined || broken.mutation === mutation).toBe(true);
      else if (broken) expect(textOf(broken)).not.toBe(JSON.stringify(JSON.parse(json)));
      else expect(Object.keys(Object(JSON.parse(json)))).not.toContain("outcome");
    }),
  );
});

it.each(MUTATION_NAMES)("a partner that reports __proto__ pollutes nothing (%s)", (mutation) => {
  const json = '{"__proto__":{"polluted":"yes"},"outcome":"approved","note":{"__proto__":{"polluted":1}}}';
  for (let ordinal = 1; ordinal <= 12; ordinal++)
    malform(honest({ body: Buffer.from(json) }), { mutation }, context(ordinal));
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

describe("any contract", () => {
  const name = fc.constantFrom("reference", "amount", "state", "settledAt", "lineItem", "note_text", "code");
  const leaf: fc.Arbitrary<{ schema: object; value: unknown }> = fc.oneof(
    fc.constantFrom("open", "closed").map((value) => ({ schema: { enum: ["open", "closed"] }, value })),
    fc.integer({ min: 1, max: 9_999 }).map((value) => ({ schema: { type: "integer", minimum: 0 }, value })),
    fc.constant({ schema: { type: "string", format: "date-time" }, value: "2026-03-04T05:06:07Z" }),
    fc.stringMatching(/^[a-z]{1,9}$/).map((value) => ({ schema: { type: "string", maxLength: 20 }, value })),
    fc.boolean().map((value) => ({ schema: { type: "boolean" }, value })),
  );
  const contract = fc.letrec<{ node: { schema: object; value: unknown } }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 2 },
      { arbitrary: leaf, weight: 3 },
      { arbitrary: objectOf(tie("node")), weight: 1 },
      {
        arbitrary: tie("node").map(({ schema: items, value }) => ({
          schema: { type: "array", items, minItems: 1 },
          value: [value],
        })),
        weight: 1,
      },
    ),
  })).node;

  function objectOf(child: fc.Arbitrary<{ schema: object; value: unknown }>) {
    return fc.dictionary(name, child, { minKeys: 1, maxKeys: 4 }).map((fields) => ({
      schema: {
        type: "object",
        required: Object.keys(fields),
        properties: Object.fromEntries(Object.entries(fields).map(([key, { schema }]) => [key, schema])),
      },
      value: Object.fromEntries(Object.entries(fields).map(([key, { value }]) => [key, value])),
    }));
  }

  it("breaks exactly one thing: with that field as it was, the document is the honest one again", () => {
    fc.assert(
      fc.property(objectOf(contract), ({ schema, value }) => {
        const check = ajv.compile(schema);
        expect(check(value)).toBe(true);
        const payload = honest({ schema, body: Buffer.from(JSON.stringify(value)), claims: null });
        const { mutants = [] } = malform(payload, {}, context(1)) ?? {};
        for (const { mutation, field } of mutants as { mutation: MutationName; field?: string }[]) {
          if (field === undefined || mutations[mutation].kind !== "field") continue;
          const mutant = malform(payload, { mutation, field }, context(1));
          const isLie = ["precision-lost", "unit-changed", "very-long-text"].includes(mutation);
          if (!isLie) expect(check(jsonOf(mutant))).toBe(mutant?.content === "harmless");
          expect(repaired(jsonOf(mutant), value, field.split("."))).toEqual(value);
        }
      }),
      { numRuns: 60 },
    );
  });

  /** The container of the field as it was; everything else as the mutant has it. */
  function repaired(mutant: unknown, honestValue: unknown, path: string[]): unknown {
    const [first = "", ...rest] = path;
    if (rest.length === 0) {
      const others = (container: unknown) =>
        Object.entries(container as object).filter(([name]) => name !== first);
      expect(others(mutant)).toEqual(expect.arrayContaining(others(honestValue)));
      expect(others(mutant).length - others(honestValue).length).toBeLessThanOrEqual(1);
      return honestValue;
    }
    const inner = repaired(
      (mutant as Record<string, unknown>)[first],
      (honestValue as Record<string, unknown>)[first],
      rest,
    );
    return changeField(mutant, [first], () => [[first, inner]]);
  }
});

describe("what stands there already", () => {
  it("is never replaced by extra fields", () => {
    const before = {
      outcome: "paid",
      links: { claim: "/c/1" },
      warnings: ["low balance"],
      apiVersion: "1.0",
    };
    expect(extraFields.apply(before)).toBeUndefined();
    const { links: _, ...rest } = before;
    expect(extraFields.apply(rest)).toEqual({ ...rest, links: { self: "/results/latest" } });
  });

  it.each([
    ["settledAt", "settled_at"],
    ["settled_at", "settledAt"],
    ["outcome", "outcome_value"],
    ["a_", "a__value"],
    ["_", "__value"],
  ])("is renamed: %s", (name, expected) => {
    const field = { path: [name] } as unknown as Parameters<typeof fieldRenamed.apply>[1];
    const subject = { document: { [name]: 1 } } as unknown as Parameters<typeof fieldRenamed.apply>[0];
    expect(fieldRenamed.apply(subject, field)).toEqual({ [expected]: 1 });
  });
});
