// credentials.rotated: the secret that signs reports changes to the next one, with a time in which both sign or without.
import * as z from "zod";
import { defineFault } from "./fault.ts";

export const credentialsRotated = defineFault({
  name: "credentials.rotated",
  point: "credentials",
  question: "beyond-the-five",
  summary: "reports are signed with the next secret, alone or beside the old one",
  settings: z.strictObject({
    overlap: z
      .boolean()
      .default(false)
      .describe(
        "True: old and new signature side by side. github has room for one and keeps the old, so nothing changes",
      ),
  }),
  onset: "delivery",
  spares: () => false,
  rotate(signing, { overlap }) {
    if (signing.scheme === "none") return signing;
    if (!overlap) return { ...signing, secrets: "next" };
    return signing.scheme === "github" ? signing : { ...signing, secrets: "both" };
  },
});
