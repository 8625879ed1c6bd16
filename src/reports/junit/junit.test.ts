import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../history/run-record.ts";
import { UNSAFE } from "../tests-support/hostile-text.ts";
import { parseXml, type XmlElement } from "../tests-support/parse-xml.ts";
import { check, run, scenario } from "../tests-support/record-builder.ts";
import {
  failedRun,
  hostileRun,
  inconclusiveRun,
  interruptedRun,
  passedRun,
} from "../tests-support/sample-runs.ts";
import { renderJunit } from "./junit.ts";
import { renderXml } from "./xml.ts";

const parse = (record: RunRecord) => parseXml(renderJunit(record));
const casesOf = (record: RunRecord): XmlElement[] =>
  parse(record).elements.flatMap(({ elements }) => elements.filter(({ name }) => name === "testcase"));
const child = (element: XmlElement | undefined, name: string) =>
  element?.elements.find((each) => each.name === name);

/** The common part of the JUnit schemas (junit-10.xsd of Jenkins, testmoapp/junitxml): children in order, attributes. */
const SCHEMA: Record<string, { required: string[]; optional: string[]; children: string[] }> = {
  testsuites: {
    required: ["tests", "failures", "errors", "time"],
    optional: ["name", "skipped", "timestamp"],
    children: ["testsuite"],
  },
  testsuite: {
    required: ["name", "tests", "failures", "errors", "time"],
    optional: ["skipped", "timestamp"],
    children: ["properties", "testcase", "system-out", "system-err"],
  },
  properties: { required: [], optional: [], children: ["property"] },
  property: { required: ["name", "value"], optional: [], children: [] },
  testcase: {
    required: ["name", "classname", "time"],
    optional: ["timestamp", "file"],
    children: ["properties", "skipped", "failure", "error", "system-out", "system-err"],
  },
  failure: { required: ["message", "type"], optional: [], children: [] },
  error: { required: ["message", "type"], optional: [], children: [] },
  skipped: { required: ["message"], optional: [], children: [] },
  "system-out": { required: [], optional: [], children: [] },
};

function violations({ name, attributes, elements, text }: XmlElement): string[] {
  const rule = SCHEMA[name];
  if (!rule) return [`unknown element ${name}`];
  const given = Object.keys(attributes);
  const positions = elements.map((element) => rule.children.indexOf(element.name));
  return [
    ...rule.required
      .filter((attribute) => !given.includes(attribute))
      .map((attribute) => `${name} lacks ${attribute}`),
    ...given
      .filter((attribute) => ![...rule.required, ...rule.optional].includes(attribute))
      .map((attribute) => `${name} has ${attribute}`),
    ...positions.flatMap((position, index) =>
      position < (positions[index - 1] ?? 0) ? [`${name}: ${elements[index]?.name} out of place`] : [],
    ),
    ...(elements.length > 0 && text.trim() !== "" ? [`${name} mixes text and elements`] : []),
    ...(name === "testcase" &&
    elements.filter((each) => ["failure", "error", "skipped"].includes(each.name)).length > 1
      ? ["two results"]
      : []),
    ...elements.flatMap(violations),
  ];
}

describe("JUnit XML", () => {
  it.each([failedRun, passedRun, inconclusiveRun, interruptedRun, hostileRun, () => run([])])(
    "is well-formed and follows the schema",
    (sample) => {
      expect(violations(parse(sample()))).toEqual([]);
      expect(renderJunit(sample())).not.toMatch(UNSAFE);
    },
  );

  it("counts in the suite what the cases say", () => {
    const mixed = run(
      (["passed", "failed", "inconclusive", "error"] as const).map((verdict) =>
        scenario({ id: `a/${verdict}`, verdict }),
      ),
      { notRun: ["a/later"], durationMs: 1_234 },
    );
    const totals = { tests: "5", failures: "1", errors: "2", skipped: "1", time: "1.234" };
    expect(parse(mixed).attributes).toMatchObject(totals);
    expect(parse(mixed).elements[0]?.attributes).toMatchObject(totals);
    const results = casesOf(mixed).map(({ elements }) =>
      elements.map(({ name }) => name).find((name) => /failure|error|skipped/.test(name)),
    );
    expect(results).toEqual([undefined, "failure", "error", "error", "skipped"]);
  });

  it("names a case by its title and its class by the path of the scenario", () => {
    const found = casesOf(failedRun()).map(({ attributes }) => [attributes.classname, attributes.name]);
    expect(found).toContainEqual([
      "scenarios.never-reports.missing-callback",
      "The partner processes the claim but never reports the result",
    ]);
    expect(found[0]?.[0]).toBe("scenarios.steady-state");
  });

  it("never gives two cases the same name, and no level that is not a folder", () => {
    const twins = run([
      scenario({ id: "v1.2/a b", title: "T" }),
      scenario({ id: "v1-2/a-b", title: "T" }),
      scenario({ id: "r", title: "R", repeat: 1 }),
      scenario({ id: "r", title: "R", repeat: 2 }),
    ]);
    const names = casesOf(twins).map(({ attributes }) => `${attributes.classname} ${attributes.name}`);
    expect(names).toEqual([
      "scenarios.v1-2.a-b T",
      "scenarios.v1-2.a-b T (2)",
      "scenarios.r R #1",
      "scenarios.r R #2",
    ]);
  });

  it("tells the whole story in the text of a failure, every finding of it", () => {
    const failure = child(casesOf(failedRun())[3], "failure");
    for (let ordinal = 4; ordinal <= 12; ordinal++)
      expect(failure?.text).toContain(`claim CLM-${String(ordinal).padStart(4, "0")}: approved by Acme`);
    expect(failure?.text).toContain("detect never (9 of 9)");
    expect(failure?.text).toContain("neverfails run never-reports/missing-callback --seed 42");
    expect(failure?.attributes.message).toMatch(/^detects: claim CLM-0004: result due by 2\.21 s/);
  });

  it("carries the seed and the faults as properties", () => {
    const values = Object.fromEntries(
      (child(casesOf(failedRun())[3], "properties")?.elements ?? []).map(({ attributes }) => [
        attributes.name,
        attributes.value,
      ]),
    );
    expect(values).toMatchObject({ seed: "42", faults: "callback.missing" });
  });

  it("brings every text back as it was, apart from what is unsafe", () => {
    const text = "a ]]> b ]]]]>> <&>\"' end";
    const record = run([
      scenario({ id: "a/b", title: text, verdict: "failed", checks: [check("alerts", "failed", text)] }),
    ]);
    const [only] = casesOf(record);
    expect(only?.attributes.name).toBe(text);
    expect(child(only, "failure")?.text).toContain(`  ${text}\n`);
  });

  it("stays well-formed whatever the texts are", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.string({ unit: fc.constantFrom("]", ">", "<", "&", '"', "\n", "\u0000", "\ud800", "a") }),
        (value, cdata) => {
          const root = parseXml(renderXml({ name: "a", attributes: { value }, children: [{ cdata }] }));
          expect(root.text).not.toMatch(UNSAFE);
        },
      ),
    );
  });
});

describe("the parser of these tests", () => {
  it.each([
    "<a>",
    "<a></b>",
    '<a b="1" b="2"/>',
    "<a>&nbsp;</a>",
    '<a b="<"/>',
    "<a/><b/>",
    "<a>\u0001</a>",
    "<a><![CDATA[x]]</a>",
  ])("refuses %s", (body) => {
    expect(() => parseXml(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`)).toThrow();
  });
});
