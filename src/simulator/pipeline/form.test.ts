import { expect, it } from "vitest";
import { parseForm } from "./form.ts";
import { createValidate } from "./validate.ts";

it.each([
  ["a=1&b=x+y", { a: "1", b: "x y" }],
  ["a=1&a=2", { a: ["1", "2"] }],
  ["tags[]=a&tags[]=b", { tags: ["a", "b"] }],
  ["tags%5B%5D=a", { tags: ["a"] }],
  ["metadata[color]=red&metadata[size]=9", { metadata: { color: "red", size: "9" } }],
  ["items[0][id]=7&items[0][n]=1&items[1][id]=8", { items: [{ id: "7", n: "1" }, { id: "8" }] }],
  ["a[999999999]=x", { a: { 999999999: "x" } }],
  ["a=1&a[b]=2", { a: "1", "a[b]": "2" }],
  ["a[b]=2&a=1", { a: { b: "2" } }],
  ["[]=1&a]=2&a[=3", { "[]": "1", "a]": "2", "a[": "3" }],
  ["__proto__[x]=1&a[__proto__]=2&a[constructor]=3", { a: { constructor: "3" } }],
])("%s", (text, value) => {
  expect(parseForm(text)).toEqual(value);
});

it("takes one value of a form where the schema wants a list", async () => {
  const validate = await createValidate({
    type: "object",
    properties: { tags: { type: "array", items: { type: "integer" } } },
  });
  expect(validate(parseForm("tags=7"), true)).toBeUndefined();
  expect(validate(parseForm("tags=x"), true)).toMatchObject({ status: 422 });
  expect(validate({ tags: 7 }, false)).toMatchObject({ status: 422 });
});
