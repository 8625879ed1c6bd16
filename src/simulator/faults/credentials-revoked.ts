// credentials.revoked: the partner does not let the caller in any more, whatever it presents.
import * as z from "zod";
import { defineFault } from "./fault.ts";

export const credentialsRevoked = defineFault({
  name: "credentials.revoked",
  point: "credentials",
  question: "unavailable",
  summary: "requests are answered 403, with a new token as well",
  settings: z.strictObject({}),
  onset: "attempt",
  spares: () => false,
  lockOut: () => "revoked",
});
