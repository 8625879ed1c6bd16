// The partner's routes: a path with `:name` for one segment, compiled once.

export type Params = Readonly<Record<string, string>>;

/** The parameters of a path that fits; undefined when it does not. */
export type Route = (path: string) => Params | undefined;

const NO_PARAMS: Params = {};

export function compileRoute(pattern: string): Route {
  const segments = pattern.split("/").map((text) => ({
    // A literal segment may be written with percent signs or without, here and in the request.
    text: text.startsWith(":") ? text : (decode(text) ?? text),
    isParameter: text.startsWith(":"),
  }));
  const isPlain = !segments.some(({ isParameter }) => isParameter);
  return (path) => {
    if (isPlain && path === pattern) return NO_PARAMS;
    if (isPlain && !pattern.includes("%") && !path.includes("%")) return undefined;
    const given = path.split("/");
    if (given.length !== segments.length) return undefined;
    const params: [string, string][] = [];
    for (const [i, { text, isParameter }] of segments.entries()) {
      const decoded = decode(given[i] ?? "");
      if (!isParameter) {
        if (decoded !== text && given[i] !== text) return undefined;
        continue;
      }
      if (decoded === undefined || decoded === "") return undefined;
      params.push([text.slice(1), decoded]);
    }
    return params.length === 0 ? NO_PARAMS : Object.fromEntries(params);
  };
}

function decode(text: string): string | undefined {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The path of a request target without its query. */
export function pathOf(target: string): string {
  const end = target.indexOf("?");
  return end === -1 ? target : target.slice(0, end);
}

/** The query of a request target, without the question mark. */
export function queryOf(target: string): string {
  const start = target.indexOf("?");
  return start === -1 ? "" : target.slice(start + 1);
}
