import { expect, it } from "vitest";
import { checkExpression, checkTemplate, type Names } from "./names.ts";
import { parseSource } from "./source.ts";

const names: Names = {
  transaction: { key: true, id: true },
  partner: { url: true },
  system: { env: { HOME_DIR: true } },
  body: true,
};

function place(text: string) {
  const parsed = parseSource(text, "/x.yaml");
  if (!parsed.ok) throw new Error("the test's own YAML is wrong");
  return { source: parsed.value, path: [], names };
}

function templateProblems(text: string) {
  const at = place(text);
  return checkTemplate(at.source.data, at);
}

it.each([
  ["an unknown name", 'a: "{{ partnr.url }}"', 'unknown name "partnr"', 'did you mean "partner"?'],
  [
    "an unknown name below a known one",
    'a: "x {{ partner.uri }}"',
    'unknown name "partner.uri"',
    'did you mean "url"?',
  ],
  [
    "a name inside a function",
    'a: "{{ $uppercase(transactoin.key) }}"',
    '"transactoin"',
    'did you mean "transaction"?',
  ],
  [
    "an unknown function",
    'a: "{{ $uppercas(body.x) }}"',
    "there is no function $uppercas",
    'did you mean "uppercase"?',
  ],
  [
    "an unknown generator",
    "a: \"{{ $faker('person.fulName') }}\"",
    "faker has no such generator",
    "fakerjs.dev",
  ],
  [
    "an unset variable",
    "a: \"{{ $env('NEVERFAILS_UNSET') }}\"",
    "the variable is not set",
    "$env('NEVERFAILS_UNSET', '')",
  ],
  ["an expression that does not parse", 'a: "{{ body. }}"', "does not parse", undefined],
  ["braces that are never closed", 'a: "{{ body.x"', "{{ is never closed", undefined],
])("finds %s, with its position", (_, text, message, hint) => {
  const problems = templateProblems(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ line: 1, column: 4, path: "a" });
  expect(problems[0]?.message).toContain(message);
  if (hint !== undefined) expect(problems[0]?.hint).toContain(hint);
});

it.each([
  'a: "{{ transaction.key }}-{{ body.anything.below }}"',
  "a: \"{{ $env('NEVERFAILS_UNSET', '') }}\"",
  "a: \"{{ $faker('number.int', {'min': 1, 'max': 5}) }}\"",
  'a: "{{ system.env.HOME_DIR }}"',
  'a: "{{ ($half := function($n){ $n / 2 }; $half(body.x)) }}"',
  'a: "{{ body.items[price > 3].name }}"',
  'a: "{{ body.items.price ~> $sum() }}"',
  "a: [1, true, null, { b: no expression }]",
])("accepts %s", (text) => {
  expect(templateProblems(text)).toEqual([]);
});

it("finds every mistake of a nested value, each at its own place", () => {
  const problems = templateProblems('a:\n  - "{{ nobody }}"\n  - fine\n  - b: "{{ nothing }}"\n');
  expect(problems.map(({ line, path }) => [line, path])).toEqual([
    [2, "a[0]"],
    [4, "a[2].b"],
  ]);
});

it("an expression that stands without braces says so when it has some", () => {
  const at = { ...place('state: "{{ body.status }}"'), path: ["state"] };
  const [problem] = checkExpression("{{ body.status }}", at);
  expect(problem).toMatchObject({ line: 1, column: 8, hint: "write body.status" });
});
