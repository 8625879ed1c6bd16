// The generated parts of the documentation: text between two marks, replaced as a whole.

const REGION =
  /(<!-- generated: (\S+), by `npx tsx scripts\/write-docs\.ts` -->\n)[\s\S]*?(<!-- end of \2 -->)/g;

/** Names of the regions of a page, in order. */
export function regionNames(page: string): string[] {
  return [...page.matchAll(REGION)].map((match) => match[2] ?? "");
}

/** The page with every region's text renewed. Throws for a region that nobody generates. */
export function renewRegions(page: string, texts: Readonly<Record<string, string>>): string {
  return page.replaceAll(REGION, (_, begin: string, name: string, end: string) => {
    const text = texts[name];
    if (text === undefined) throw new Error(`nothing generates the region "${name}"`);
    return `${begin}\n${text.trim()}\n\n${end}`;
  });
}
