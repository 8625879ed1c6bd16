// The files of an OpenAPI document as one tree: references to files below its folder are followed, none to the network.
import { realpath } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import type { Problem, Result } from "../../lib/problem.ts";
import { lookup } from "../load/lookup.ts";
import { MAX_DOCUMENT_BYTES } from "../load/recognise.ts";
import { type Path, problemAt, readSource, type Source } from "../load/source.ts";
import { isCircle } from "./follow.ts";
import { asMap, type Json } from "./json.ts";
import { pointerPath, toPointer } from "./pointer.ts";

export interface Bundle {
  data: Json;
  /** The document itself first. */
  files: Source[];
}

/** Where the other files stand in the tree. */
export const FILES = "x-neverfails-files";

const MAX_FILES = 200;
/** More values than this, aliases counted as often as they are used, are no API any more. */
const MAX_VALUES = 2_000_000;

interface Reference {
  /** Where it stands. */
  source: Source;
  path: Path;
  text: string;
  target: { file: number; pointer: string };
  /** As it reads inside the one tree. */
  inTree: string;
}

export async function bundle(main: Source): Promise<Result<Bundle>> {
  const folder = await realpath(dirname(main.file));
  const files: Source[] = [main];
  const trees: unknown[] = [];
  const references: Reference[] = [];
  const problems: Problem[] = [];
  let values = 0;

  for (let index = 0; index < files.length; index++) {
    const source = files[index];
    if (source) trees.push(await copy(source.data, { source, index, path: [] }));
  }
  // Index 0 is the tree itself.
  const data: Json = { ...asMap(trees[0]), ...(trees.length > 1 && { [FILES]: [{}, ...trees.slice(1)] }) };
  for (const { source, path, text, target, inTree } of references) {
    if (lookup(files[target.file]?.data, pointerPath(target.pointer)) === undefined)
      problems.push(problemAt(source, path, `there is nothing at ${text}`));
    else if (isCircle(data, inTree))
      problems.push(problemAt(source, path, `${text} leads in a circle, so it stands for nothing`));
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { data, files } };

  interface Place {
    source: Source;
    index: number;
    path: Path;
  }

  async function copy(value: unknown, place: Place): Promise<unknown> {
    if (typeof value !== "object" || value === null) return value;
    values += 1;
    if (values > MAX_VALUES) return undefined;
    if (Array.isArray(value)) {
      const items: unknown[] = [];
      for (const [i, item] of value.entries()) items.push(await copy(item, below(place, i)));
      return items;
    }
    const copied: [string, unknown][] = [];
    for (const [key, item] of Object.entries(value)) {
      const inside = below(place, key);
      if (key === "$ref" && typeof item === "string" && !isName(place.path)) {
        copied.push([key, await refer(item, inside)]);
      } else copied.push([key, isData(place.path, key, item) ? item : await copy(item, inside)]);
    }
    return Object.fromEntries(copied);
  }

  /** The reference as it reads inside the one tree. */
  async function refer(text: string, { source, index, path }: Place): Promise<string> {
    const [name = "", fragment = ""] = splitAt(text, "#");
    const file = name === "" ? index : await fileIndex(name, source, path);
    if (file === undefined) return text;
    if (fragment !== "" && !fragment.startsWith("/")) {
      problems.push(problemAt(source, path, `a reference to an anchor (${text}) is not understood`));
      return text;
    }
    const inTree = `#${file === 0 ? "" : toPointer([FILES, file])}${fragment}`;
    references.push({ source, path, text, target: { file, pointer: fragment }, inTree });
    return inTree;
  }

  async function fileIndex(name: string, source: Source, path: Path): Promise<number | undefined> {
    const refuse = (message: string, hint?: string) => {
      problems.push(problemAt(source, path, message, { hint }));
      return undefined;
    };
    if (/^[a-z][a-z0-9+.-]+:/i.test(name) || name.startsWith("//")) {
      return refuse(
        `${name} is not fetched: nothing is loaded from the network`,
        "save the file beside this one",
      );
    }
    const wanted = resolve(dirname(source.file), decoded(name));
    const file = await realpath(wanted).catch(() => undefined);
    if (file === undefined) return refuse(`there is no file ${name}`);
    if (!file.startsWith(folder + sep)) {
      return refuse(
        `${name} lies outside the document's folder`,
        "references stay below the folder of the document",
      );
    }
    const known = files.findIndex((other) => other.file === file || other.file === wanted);
    if (known !== -1) return known;
    if (files.length >= MAX_FILES) return refuse(`refers to more than ${MAX_FILES} files`);
    const read = await readSource(file, { maxBytes: MAX_DOCUMENT_BYTES });
    if (!read.ok) {
      problems.push(...read.problems);
      return undefined;
    }
    return files.push(read.value) - 1;
  }
}

function below<Place extends { path: Path }>(place: Place, step: PropertyKey): Place {
  return { ...place, path: [...place.path, step] };
}

/** True inside `properties:` and the like, where keys are names: a property may be called `$ref` or `example`. */
function isName(path: Path): boolean {
  return ["properties", "patternProperties"].includes(String(path.at(-1)));
}

/** Data of the API's users, in which `$ref` means nothing. */
function isData(path: Path, key: string, value: unknown): boolean {
  if (isName(path)) return false;
  if (["example", "default", "const", "enum"].includes(key)) return true;
  return (key === "examples" && Array.isArray(value)) || (key === "value" && path.at(-2) === "examples");
}

/** As it is where its percent signs encode nothing. */
function decoded(name: string): string {
  try {
    return decodeURI(name);
  } catch {
    return name;
  }
}

function splitAt(text: string, mark: string): [before: string, after: string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
