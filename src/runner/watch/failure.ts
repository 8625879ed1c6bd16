// Why a look at the system failed, in words that stay the same while the cause does: a changed text would be news.

export function reasonOf(cause: unknown, timeoutMs: number): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.name === "TimeoutError") return `no answer within ${timeoutMs / 1_000} s`;
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === "ECONNREFUSED") return "connection refused";
  if (code === "ECONNRESET" || code === "UND_ERR_SOCKET") return "the connection broke";
  return code ? `${code}: ${cause.message}` : cause.message;
}
