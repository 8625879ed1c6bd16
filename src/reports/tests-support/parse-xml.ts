// A strict little XML 1.0 parser: throws at whatever is not well-formed. For the tests of what we write ourselves.

export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  elements: XmlElement[];
  text: string;
}

/** XML 1.0, 2.2: characters that a document may hold. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;
const NAME = /^[A-Za-z_:][\w:.-]*/;
const REFERENCES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

export function parseXml(document: string): XmlElement {
  const forbidden = FORBIDDEN.exec(document);
  if (forbidden)
    throw new Error(`character U+${forbidden[0].codePointAt(0)?.toString(16)} at ${forbidden.index}`);
  const prolog = /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/.exec(document);
  if (!prolog) throw new Error("no XML declaration");
  const parser = createParser(document, prolog[0].length);
  const root = parser.element();
  if (document.slice(parser.position()).trim() !== "")
    throw new Error(`content after the root at ${parser.position()}`);
  return root;
}

function createParser(source: string, start: number) {
  let at = start;
  const fail = (what: string): never => {
    throw new Error(`${what} at ${at}: ${JSON.stringify(source.slice(at, at + 40))}`);
  };
  const take = (pattern: RegExp, what: string): string => {
    const match = pattern.exec(source.slice(at, at + 100_000));
    if (match?.index !== 0) return fail(`expected ${what}`);
    at += match[0].length;
    return match[0];
  };
  const until = (end: string): string => {
    const stop = source.indexOf(end, at);
    if (stop === -1) return fail(`expected ${end}`);
    const text = source.slice(at, stop);
    at = stop + end.length;
    return text;
  };
  const resolve = (text: string): string => {
    if (text.includes("<")) fail("a raw <");
    return text.replace(/&([^;\s]*;?)/g, (whole, body: string) => {
      const number = /^#(?:x([0-9a-f]+)|(\d+));$/i.exec(body);
      if (number) return String.fromCodePoint(number[1] ? Number.parseInt(number[1], 16) : Number(number[2]));
      return REFERENCES[body.slice(0, -1)] ?? fail(`unknown reference ${whole}`);
    });
  };
  const attributes = (): Record<string, string> => {
    const found: Record<string, string> = {};
    while (/^\s+[^\s/>]/.test(source.slice(at, at + 50))) {
      take(/^\s+/, "white space");
      const name = take(NAME, "an attribute name");
      take(/^="/, '="');
      if (name in found) fail(`attribute ${name} twice`);
      found[name] = resolve(until('"'));
    }
    return found;
  };
  const element = (): XmlElement => {
    take(/^</, "<");
    const name = take(NAME, "an element name");
    const result: XmlElement = { name, attributes: attributes(), elements: [], text: "" };
    take(/^\s*/, "white space");
    if (source.startsWith("/>", at)) {
      at += 2;
      return result;
    }
    take(/^>/, ">");
    while (!source.startsWith("</", at)) {
      if (source.startsWith("<![CDATA[", at)) {
        at += "<![CDATA[".length;
        result.text += until("]]>");
      } else if (source[at] === "<") result.elements.push(element());
      else {
        const stop = source.indexOf("<", at);
        if (stop === -1) fail(`${name} is not closed`);
        result.text += resolve(source.slice(at, stop));
        at = stop;
      }
    }
    at += 2;
    if (take(NAME, "an element name") !== name) fail(`expected </${name}>`);
    take(/^\s*>/, ">");
    return result;
  };
  return { element, position: () => at };
}
