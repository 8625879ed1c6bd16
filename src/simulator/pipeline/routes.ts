// The partner's routes: a path with `:name` for one segment, compiled once.

export type Params = Readonly<Record<string, string>>;

/** The parameters of a path that fits; undefined when it does not. */
export type Route = (path: string) => Params | undefined;

const NO_PARAMS: Params = {};

export function compileRoute(pattern: string): Route {
  if (!pattern.includes(":")) return (path) => (path === pattern ? NO_PARAMS : undefined);
  const segments = pattern.split("/");
  return (path) => {
    const given = path.split("/");
    if (given.length !== segments.length) return undefined;
    const params: [string, string][] = [];
    for (const [i, segment] of segments.entries()) {
      const text = given[i] ?? "";
      if (!segment.startsWith(":")) {
        if (segment !== text) return undefined;
        continue;
      }
      const decoded = decode(text);
      if (decoded === undefined || decoded === "") return undefined;
      params.push([segment.slice(1), decoded]);
    }
    return Object.fromEntries(params);
  };
}

function decode(text: string): string | undefined {
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
