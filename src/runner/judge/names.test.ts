import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { callNames, namesAnyOf } from "./names.ts";

describe("a name is found as a whole token only", () => {
  test.each([
    ["CLM-0001", "claims CLM-0001, CLM-0002", true],
    ["CLM-0001", "(CLM-0001)", true],
    ["CLM-0001", "claim=CLM-0001;", true],
    ["CLM-0001", "CLM-00011", false],
    ["CLM-0001", "XCLM-0001", false],
    ["CLM-0001", "clm-0001", false],
    ["1234", "amount 1234.50", false],
    ["1234", "amount 0.1234", false],
    ["1234", "claims 1234, 1235.", true],
    ["1234", "claim 1234.", true],
    ["a.b*c", "see a.b*c", true],
    ["a.b*c", "see axbbc", false],
    ["größe", "xgröße größen", false],
  ])("%s in %s: %s", (name, text, found) => {
    expect(namesAnyOf([name])(text)).toBe(found);
  });

  test("any key is found between blanks, whatever characters it holds", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme-ascii" }), (key) => {
        fc.pre(key.trim() !== "");
        expect(namesAnyOf([key])(`see ${key} now`)).toBe(true);
      }),
    );
  });
});

test("the system's own id counts from four characters on", () => {
  expect(callNames("CLM-1", "17")).toEqual(["CLM-1"]);
  expect(callNames("CLM-1", "1700")).toEqual(["CLM-1", "1700"]);
  expect(callNames("CLM-1", "CLM-1")).toEqual(["CLM-1"]);
});
