// The documentation as data: pages, their fenced blocks, headings and links.
import { readdirSync, readFileSync } from "node:fs";
import { projectRoot } from "../support/cli.ts";

export interface Fence {
  /** First word of the info string: `yaml`. */
  language: string;
  /** The rest of it: `neverfails.yaml, in part`. */
  about: string;
  text: string;
  /** 1-based line of the opening fence. */
  line: number;
}

export interface Page {
  /** Relative to the project: `docs/faults.md`. */
  name: string;
  text: string;
  fences: Fence[];
  /** Everything but the fences. */
  prose: string;
}

const OWN = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"];

/** The pages that this test keeps true. */
export function readPages(): Page[] {
  const docs = readdirSync(`${projectRoot}docs`).filter((file) => file.endsWith(".md"));
  return [...OWN, ...docs.map((file) => `docs/${file}`)].map(readPage);
}

export function readPage(name: string): Page {
  return parsePage(name, readFileSync(projectRoot + name, "utf8"));
}

export function parsePage(name: string, text: string): Page {
  const fences: Fence[] = [];
  const prose: string[] = [];
  let open: (Fence & { lines: string[] }) | undefined;
  for (const [i, line] of text.split("\n").entries()) {
    const info = /^```(.*)$/.exec(line)?.[1];
    if (info === undefined) {
      (open?.lines ?? prose).push(line);
    } else if (open) {
      const { lines, ...fence } = open;
      fences.push({ ...fence, text: `${lines.join("\n")}\n` });
      open = undefined;
    } else {
      const [language = "", ...about] = info.trim().split(" ");
      open = { language, about: about.join(" "), text: "", line: i + 1, lines: [] };
    }
  }
  return { name, text, fences, prose: prose.join("\n") };
}

/** Anchors of a page's headings, as GitHub makes them. */
export function anchorsOf({ prose }: Page): string[] {
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** Targets of Markdown links that lead to files or anchors of this project. */
export function localLinksOf({ prose }: Page): string[] {
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The one block with this info string. */
export function fenceOf(page: Page, info: string): string {
  const found = page.fences.filter(({ language, about }) => `${language} ${about}` === info);
  const [fence] = found;
  if (found.length !== 1 || !fence) throw new Error(`${page.name} has ${found.length} blocks "${info}"`);
  return fence.text;
}
