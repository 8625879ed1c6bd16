// Just enough XML 1.0 to write reports that no hostile text can break.
import { plainLines } from "../text/plain.ts";

export interface Element {
  name: string;
  attributes?: Record<string, string | number>;
  children?: (Element | CharacterData)[];
}

/** Text that may be long and may look like markup. */
export interface CharacterData {
  cdata: string;
}

export function renderXml(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${renderElement(root, "")}\n`;
}

function renderElement({ name, attributes = {}, children = [] }: Element, indent: string): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escapeAttribute(String(value))}"`,
  );
  const start = `${indent}<${name}${written.join("")}`;
  if (children.length === 0) return `${start}/>`;
  const [first] = children;
  // White space around character data would become part of it.
  if (first && "cdata" in first)
    return `${start}>${children.map((child) => ("cdata" in child ? renderCdata(child) : "")).join("")}</${name}>`;
  const inner = children.map((child) =>
    "cdata" in child ? renderCdata(child) : renderElement(child, `${indent}  `),
  );
  return `${start}>\n${inner.join("\n")}\n${indent}</${name}>`;
}

/** `]]>` would end the section (XML 1.0, 2.7), so it is split over two. */
function renderCdata({ cdata }: CharacterData): string {
  return `<![CDATA[${plainLines(cdata).replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
}

/** Line breaks and tabs in attributes are normalised to spaces unless they are references (XML 1.0, 3.3.3). */
function escapeAttribute(text: string): string {
  return plainLines(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;")
    .replaceAll("\t", "&#9;");
}
