// A quota as a token bucket: so many requests at once, and as many again in each period, evenly.

/** `requests` in `perMs` milliseconds. */
export interface Quota {
  requests: number;
  perMs: number;
}

/** What the bucket says to one request. */
export interface Ration {
  admitted: boolean;
  /** Requests that would be admitted right now. */
  remaining: number;
  /** Milliseconds until one more is; 0 when the bucket is full. */
  moreMs: number;
}

export interface TokenBucket {
  /** Takes one token if there is one. `nowMs` never goes back. */
  take(nowMs: number): Ration;
}

/** Sums of fractions are a little off; nobody is refused for that. */
const ROUNDING = 1e-6;

/** Full at first. */
export function createTokenBucket({ requests, perMs }: Quota): TokenBucket {
  const msPerToken = perMs / requests;
  /** The moment at which it was or will be full: one number says how much is in it, without rounding errors. */
  let fullAtMs = Number.NEGATIVE_INFINITY;
  return {
    take(nowMs) {
      const before = tokens(nowMs);
      const admitted = before >= 1 - ROUNDING;
      if (admitted) fullAtMs = Math.max(fullAtMs, nowMs) + msPerToken;
      const left = tokens(nowMs);
      const remaining = Math.floor(left + ROUNDING);
      const moreMs = left >= requests ? 0 : (remaining + 1 - left) * msPerToken;
      return { admitted, remaining, moreMs };
    },
  };

  function tokens(nowMs: number): number {
    return requests - Math.max(0, fullAtMs - nowMs) / msPerToken;
  }
}
