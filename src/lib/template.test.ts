import { describe, expect, it } from "vitest";
import { dataFunctions, isFakerPath } from "./business-data.ts";
import { compileExpression, ExpressionError } from "./expression.ts";
import { compileTemplate } from "./template.ts";

const values = {
  body: { id: 7, name: "Ada", tags: ["a", "b"], nothing: null, items: [{ price: 1 }, { price: 2 }] },
};
const render = async (template: unknown) => compileTemplate(template).render({ values });

describe("a template", () => {
  it.each([
    ["keeps the type of a whole expression", "{{ body.id }}", 7],
    ["interpolates otherwise", "claim {{ body.id }} of {{ body.name }}", "claim 7 of Ada"],
    ["keeps lists", "{{ body.tags }}", ["a", "b"]],
    ["keeps null", { a: "{{ body.nothing }}" }, { a: null }],
    ["calls JSONata", "{{ $count(body.tags) }}", 2],
    ["maps a path over a list as JSONata does", "{{ body.items.price }}", [1, 2]],
    ["leaves other values alone", { a: [1, true, null, "text"] }, { a: [1, true, null, "text"] }],
  ])("%s", async (_, template, expected) => {
    expect(await render(template)).toEqual(expected);
  });

  it.each(["{{ $sum }}", "{{ function($x){ $x } }}", { deep: "{{ { 'a': [$sum] } }}" }])(
    "refuses a function, which is no data: %j",
    async (template) => {
      await expect(render(template)).rejects.toThrow("yields a function");
    },
  );

  it("renders plain paths without a promise, because the partner's hot path waits for nothing", () => {
    expect(compileTemplate({ id: "{{ body.id }}", text: "n {{ body.id }}" }).render({ values })).toEqual({
      id: 7,
      text: "n 7",
    });
  });

  it.each(["{{ body.missing }}", "id {{ body.missing }}", "{{ $count(body.tags)[5] }}"])(
    "refuses an unknown name instead of leaving a blank: %s",
    async (template) => {
      await expect((async () => render(template))()).rejects.toThrow(ExpressionError);
    },
  );

  it("does not reach into prototypes", () => {
    expect(compileExpression("body.constructor").evaluate({ values })).toBeUndefined();
    expect(compileExpression("body.__proto__").evaluate({ values })).toBeUndefined();
  });

  it("reports what does not parse", () => {
    expect(() => compileTemplate("{{ body..id ( }}")).toThrow(/does not parse as JSONata/);
  });

  it("stops an expression that never ends", async () => {
    const endless = compileExpression("($f := function($n) { $f($n + 1) }; $f(0))");
    await expect(endless.evaluate({ values })).rejects.toThrow(ExpressionError);
  });

  it("lists the names and calls that it needs", () => {
    const [expression] = compileTemplate(
      "{{ $faker('person.fullName') & start.amount & body.items[price > 1].name }}",
    ).expressions;
    expect(expression?.paths).toEqual([
      ["start", "amount"],
      ["body", "items", "name"],
    ]);
    expect(expression?.calls).toEqual([{ name: "faker", literals: ["person.fullName"], arity: 1 }]);
  });
});

describe("business data", () => {
  const template = compileTemplate({
    a: "{{ $faker('person.fullName') }}",
    b: "{{ $faker('number.int', {'min': 1, 'max': 9}) }}",
  });
  const of = (subject: string) => template.render({ values: {}, functions: dataFunctions("seed", subject) });

  it("is the same for the same transaction and differs between transactions, however renderings interleave", async () => {
    const [a, b, again] = await Promise.all([of("CLM-1"), of("CLM-2"), of("CLM-1")]);
    expect(again).toEqual(a);
    expect(b).not.toEqual(a);
  });

  it.each([
    ["person.fullName", true],
    ["person.nope", false],
    ["seed", false],
    ["helpers.constructor", false],
    ["__proto__.toString", false],
  ])("knows whether %s is a generator: %s", (path, known) => {
    expect(isFakerPath(path)).toBe(known);
  });

  it("refuses an environment variable that is not set, unless there is a default", async () => {
    const read = (text: string) =>
      compileTemplate(text).render({ values: {}, functions: dataFunctions("s", "t") });
    await expect(read("{{ $env('NEVERFAILS_NOT_SET') }}")).rejects.toThrow(/NEVERFAILS_NOT_SET/);
    expect(await read("{{ $env('NEVERFAILS_NOT_SET', '') }}")).toBe("");
  });
});
