// One request to somebody else, with every way it can end as a plain value.

/**
 * Status 0: no answer came, and the text says why.
 * @typedef {{ method?: string, headers?: Record<string, string>, body?: string }} Options
 * @param {string} url @param {Options & { timeoutMs: number | undefined }} options
 */
export async function request(url, { method = "POST", headers, body, timeoutMs }) {
  try {
    const response = await fetch(url, {
      method,
      headers: { "content-type": "application/json", ...headers },
      body: body ?? null,
      redirect: "error",
      signal: timeoutMs ? AbortSignal.timeout(timeoutMs) : null, // for the body too
    });
    const text = await response.text();
    return { status: response.status, text, retryAfter: response.headers.get("retry-after") ?? "" };
  } catch (error) {
    // fetch says only that it failed; the cause says why.
    const why = error instanceof Error ? (error.cause ?? error) : error;
    return { status: 0, text: String(why), retryAfter: "" };
  }
}

/** The value of a JSON text; undefined when it is none. @param {string} text */
export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
