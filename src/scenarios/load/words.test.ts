import { expect, it } from "vitest";
import { splitCommand } from "./words.ts";

it.each([
  ["node server.js", ["node", "server.js"]],
  ["node \"my server.js\" --name 'a b'", ["node", "my server.js", "--name", "a b"]],
  ["python3   app.py\t--port {{ system.port }}", ["python3", "app.py", "--port", "{{ system.port }}"]],
  ["run --url={{ partner.url & '/v 1' }}/x", ["run", "--url={{ partner.url & '/v 1' }}/x"]],
  ["a\\ b c", ["a b", "c"]],
  ['say "\\"quoted\\""', ["say", '"quoted"']],
  ["tool ''", ["tool", ""]],
  ["   ", []],
])("splits %j without a shell", (line, words) => {
  expect(splitCommand(line)).toEqual(words);
});

it("refuses a quote that is never closed", () => {
  expect(splitCommand('node "server.js')).toBeUndefined();
});
