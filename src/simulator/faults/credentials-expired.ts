// credentials.expired: what proved who asks is not good any more; with oauth2, until a new token is fetched.
import * as z from "zod";
import { defineFault } from "./fault.ts";

export const credentialsExpired = defineFault({
  name: "credentials.expired",
  point: "credentials",
  question: "unavailable",
  summary: "requests are answered 401; with oauth2, until the system fetches a new token",
  settings: z.strictObject({}),
  onset: "attempt",
  spares: () => false,
  lockOut: ({ issuedMs }, _settings, { inForceSinceMs = 0 }) =>
    issuedMs !== undefined && issuedMs >= inForceSinceMs ? undefined : "expired",
});
