import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatPath, parseSource, readSource } from "./source.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "neverfails-source-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const file = "/somewhere/file.yaml";

function problemsOf(text: string) {
  const result = parseSource(text, file);
  return result.ok ? [] : result.problems;
}

describe("a YAML file that cannot be parsed", () => {
  it.each([
    ["an unclosed list", "a: [1, 2\nb: 3\n", 2, 1],
    ["a tab as indentation", "a:\n\tb: 1\n", 2, 1],
    ["a duplicate key", "a: 1\nb: 2\na: 3\n", 3, 1],
    ["a second document", "a: 1\n---\nb: 2\n", 2, 1],
    ["an unclosed quote", 'a: "text\n', 2, 1],
    ["an alias of nothing", "a: *nothing\n", 1, 4],
  ])("is a problem with its position: %s", (_, text, line, column) => {
    expect(problemsOf(text)[0]).toMatchObject({ file, line, column });
  });

  it("says what is wrong with a tab and a duplicate key in plain words", () => {
    expect(problemsOf("a:\n\tb: 1\n")[0]).toMatchObject({ message: "a tab is used as indentation" });
    expect(problemsOf("a: 1\na: 3\n")[0]).toMatchObject({ message: "the same key stands here twice" });
  });

  it("is refused when its aliases multiply without end", () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(", ")}]`,
    );
    const bomb = ["l0: &l0 [lol, lol]", ...levels].join("\n");
    const [problem] = problemsOf(bomb);
    expect(problem?.message).toContain("aliases (*name) cannot be expanded");
  });

  it("is refused when merged aliases multiply without end", () => {
    const levels = Array.from({ length: 12 }, (_, i) => {
      const keys = Array.from({ length: 9 }, (_, k) => `k${k}: *l${i}`).join(", ");
      return `l${i + 1}: &l${i + 1} { <<: *l${i}, ${keys} }`;
    });
    const [problem] = problemsOf(["l0: &l0 { a: 1 }", ...levels].join("\n"));
    expect(problem?.message).toContain("aliases (*name) cannot be expanded");
  });

  it("is refused at once when it holds aliases without end", () => {
    const began = performance.now();
    const [problem] = problemsOf(`a: &a x\nb: [${"*a, ".repeat(50_000)}]`);
    expect(problem).toMatchObject({ line: 2, message: expect.stringContaining("more than 100") });
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it("is not compared key by key with every other, and at most a hundred mistakes are told", () => {
    const wide = Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join("\n");
    const result = parseSource(wide, file);
    expect(result.ok).toBe(true);
    expect(problemsOf("a: 1\n".repeat(2_000))).toHaveLength(100);
    expect(problemsOf("a: { b: 1, c: 2, b: 3 }\n")[0]).toMatchObject({ line: 1, column: 18 });
  });

  it("is refused, not a crash, when it nests without end", () => {
    const messages = problemsOf(`${"{a: ".repeat(20_000)}1${"}".repeat(20_000)}`).map(
      ({ message }) => message,
    );
    expect(messages).toEqual(["is nested too deeply"]);
  });
});

describe("a file that cannot be read", () => {
  const problem = async (name: string) => {
    const result = await readSource(join(folder, name));
    return result.ok ? undefined : result.problems[0];
  };

  it("is a problem when it is missing, a folder, too large or not UTF-8", async () => {
    await writeFile(join(folder, "large.yaml"), `a: ${"x".repeat(1024 * 1024)}`);
    await writeFile(join(folder, "latin1.yaml"), Buffer.from([0x61, 0x3a, 0x20, 0xe9, 0x0a]));
    expect(await problem("missing.yaml")).toMatchObject({ message: "there is no such file" });
    expect(await problem(".")).toMatchObject({ message: "is a folder, not a file" });
    expect((await problem("large.yaml"))?.message).toContain("larger than 1 MiB");
    expect(await problem("latin1.yaml")).toMatchObject({ message: "is not UTF-8 text" });
  });

  it("is a problem when it cannot be read for another reason", async () => {
    await symlink("loop.yaml", join(folder, "loop.yaml"));
    expect((await problem("loop.yaml"))?.message).toContain("ELOOP");
  });
});

describe("the place of a path", () => {
  const text = `# a comment
name: service
system:
  command: node server.js
  env: { PORT: "1", DIR: x }
faults:
  - fault: callback.missing
    on: all
base: &base
  retries: 3
derived:
  <<: *base
  extra: 1
empty:
`;
  const result = parseSource(text, file);

  it.each([
    [[], 2, 1],
    [["name"], 2, 7],
    [["system", "command"], 4, 12],
    [["system", "env", "DIR"], 5, 26],
    [["faults", 0], 7, 5],
    [["faults", 0, "on"], 8, 9],
    [["derived", "retries"], 10, 12],
    [["derived", "extra"], 13, 10],
    [["system", "missing"], 3, 1],
    [["faults", 0, "missing", "deeper"], 7, 5],
    [["empty"], 14, 7],
    [["nowhere"], 2, 1],
  ])("of %j is line %i, column %i", (path, line, column) => {
    expect(result.ok && result.value.place(path)).toEqual({ line, column });
  });

  it("of a key is where the key begins", () => {
    expect(result.ok && result.value.place(["system", "env", "DIR"], "key")).toEqual({ line: 5, column: 21 });
  });
});

it("paths are written as users would write them", () => {
  expect(formatPath(["faults", 0, "fault"])).toBe("faults[0].fault");
  expect(formatPath(["workflow", "inspect", "means", "in review"])).toBe(
    'workflow.inspect.means["in review"]',
  );
});

it("a byte-order mark is no content", async () => {
  await writeFile(join(folder, "bom.yaml"), "\ufeffname: x\n");
  const result = await readSource(join(folder, "bom.yaml"));
  expect(result.ok && result.value.data).toEqual({ name: "x" });
});

it("a __proto__ key stays plain data", () => {
  const result = parseSource("__proto__:\n  polluted: yes\n", file);
  expect(result.ok && Object.hasOwn(result.value.data as object, "__proto__")).toBe(true);
  expect(Reflect.get({}, "polluted")).toBeUndefined();
});
