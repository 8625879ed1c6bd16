// Why a callback got no answer, in words for the report.

const REASONS: Record<string, string> = {
  ECONNREFUSED: "connection refused: nothing listens there",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed while the callback was sent",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name cannot be looked up",
  UND_ERR_SOCKET: "the connection was closed before an answer",
  UND_ERR_CONNECT_TIMEOUT: "the connection could not be opened in time",
  UND_ERR_DESTROYED: "the partner was closed",
  UND_ERR_CLOSED: "the partner was closed",
};

/** One phrase; what is unknown keeps its own message. */
export function describeFailure(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (Object.hasOwn(REASONS, code)) return REASONS[code] as string;
  return code.startsWith("HPE_")
    ? `the answer is no HTTP (${error.message})`
    : error.message || code || error.name;
}
