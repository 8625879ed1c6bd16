// Which protections and variants are on. The README says what each protection is for; a comment stands where it acts.

const PROTECTIONS = `
  timeout retries backoff retry-after idempotency rejection dedup signature age-check schema-validation quarantine
  final-states stage-order polling stuck-sweep alerts alert-names alert-grouping alert-retry alert-fallback alert-resolve
  stop-polling unknown-status error-isolation certificate-check reply-check confirmation concurrency persist-first restart-recovery truthful-health
  cross-check known-claims corrections operator-replay key-rotation lockout-alarm late-reply`;
/** Other ways to build the same thing, all of them right: a judge must not mind. */
const VARIANTS = "slower poll-only json-order extra-retries second-channel";

const without = chosen("WITHOUT", PROTECTIONS);
const variants = chosen("VARIANT", VARIANTS);

/** False when WITHOUT takes the protection away. @param {string} protection */
export const has = (protection) => !without.includes(protection);
/** @param {string} variant */
export const isVariant = (variant) => variants.includes(variant);

/** @param {string} variable @param {string} names */
function chosen(variable, names) {
  const known = names.trim().split(/\s+/);
  const wanted = (process.env[variable] ?? "").split(/[\s,]+/).filter(Boolean);
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length === 0) return wanted;
  console.error(`${variable}: unknown ${unknown.join(", ")}. Known: ${known.join(", ")}.`);
  process.exit(1);
}
