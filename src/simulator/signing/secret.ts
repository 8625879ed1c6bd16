// Signing secrets: well-formed for their scheme, and derived, so that the same partner has the same one.
import { createHash } from "node:crypto";
import type { SigningScheme } from "./sign.ts";

/** A secret that receivers of the scheme accept as one; `parts` decide it (a run's random id, a seed). Empty for `none`. */
export function generateSecret(scheme: SigningScheme, ...parts: readonly [string, ...string[]]): string {
  const bytes = createHash("sha256").update(JSON.stringify(parts)).digest();
  switch (scheme) {
    case "standard-webhooks":
      return `whsec_${bytes.toString("base64")}`;
    case "github":
      return bytes.toString("hex");
    case "stripe":
      return `whsec_${bytes.toString("hex").slice(0, 32)}`;
    case "none":
      return "";
  }
}

/** The secret that follows this one when it is rotated: another of the same form, the same for the same secret. */
export function nextSecret(scheme: SigningScheme, secret: string): string {
  return generateSecret(scheme, "next", secret);
}

/** Another secret of the same form: what a forger would sign with. */
export function wrongSecret(scheme: SigningScheme, secret: string): string {
  return generateSecret(scheme, "forged", secret);
}
