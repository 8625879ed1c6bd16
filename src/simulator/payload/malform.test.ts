import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choose } from "../../lib/choice.ts";
import type { Payload } from "../pipeline-values.ts";
import { MUTATION_NAMES, type MutationName, mutations } from "./catalogue.ts";
import { malform } from "./malform.ts";

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
const context = (ordinal: number, seed = "seed") => ({
  key: "CLM-7",
  ordinal,
  outcomes: ["approved", "denied"],
  choose: (purpose: string) => choose(seed, ordinal, purpose),
});
const textOf = (payload: Payload | undefined) => Buffer.from(payload?.body ?? []).toString("utf8");
const jsonOf = (payload: Payload | undefined) => JSON.parse(textOf(payload));

/** Every variant that is dealt of one mutation over many transactions. */
function variants(mutation: MutationName, payload: Payload): Payload[] {
  const found = new Map<string, Payload>();
  for (let ordinal = 1; ordinal <= 200; ordinal++) {
    const variant = malform(payload, { mutation }, context(ordinal));
    if (variant) found.set(variant.field ?? "", variant);
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

  it.each(["extra-fields", "hostile-text"] as const)("%s still validates and is harmless", (mutation) => {
    const found = variants(mutation, honest({ schema }));
    expect(found.length).toBeGreaterThan(0);
    for (const variant of found) {
      expect(jsonOf(variant)).not.toEqual(document);
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

it.each([1, 2, 3, 4, 5, 6])("deals every mutation when every transaction in %d is faulted", (step) => {
  const dealt = new Set<string | undefined>();
  for (let ordinal = 1; ordinal <= 60 * step; ordinal += step) {
    dealt.add(malform(honest({ schema }), {}, context(ordinal))?.mutation);
  }
  expect([...dealt].sort()).toEqual([...MUTATION_NAMES].sort());
});

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
          list.map(([ordinal, options]) => malform(payload, options, context(ordinal + 1, seed)));
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
      if (mutations[mutation].kind === "bytes") expect(broken?.mutation).toBe(mutation);
      else if (broken) expect(JSON.parse(textOf(broken))).not.toEqual(JSON.parse(json));
      else expect(Object.keys(Object(JSON.parse(json)))).not.toContain("outcome");
    }),
  );
});
