// @ts-check
// The protections of this integration, one sentence each. WITHOUT=name,name takes some away, to see what they were for.

export const PROTECTIONS = {
  timeout: "A request to the partner is abandoned after a second, so a partner that hangs costs one attempt.",
  retries: "A claim that could not be submitted is tried again until the partner has it.",
  backoff: "Attempts move apart, so a partner in trouble is not trampled.",
  "retry-after": "When the partner says how long to wait, we wait that long.",
  idempotency: "Every attempt for a claim carries the same key, so it is accepted once.",
  rejection: "A 400 or 422 is final: a person corrects the claim, we do not ask again.",
  dedup: "A claim is paid once, however often and by whatever way its result arrives.",
  signature: "A result counts only when it was signed with our secret.",
  "age-check": "A result signed more than five minutes ago is refused.",
  "schema-validation": "A result counts only when it has exactly the form that the contract promises.",
  quarantine: "A result that cannot be read is refused, kept and alerted, never swallowed.",
  "final-states": "A settled claim never changes again; a contradiction is kept and counted.",
  polling: "A result that does not come is asked for.",
  "stuck-sweep": "A claim that is past its promise is shown as needing review and alerted.",
  alerts: "People are told: the business owner in Slack, the engineer on call by PagerDuty.",
  "alert-names": "An alert names the claims that it is about.",
  "alert-grouping": "One alert for one problem, not one for each claim.",
  "alert-resolve": "An alert is closed when its problem is over.",
  "stop-polling": "A settled claim is not asked about any more.",
  "unknown-status": "A claim that the partner does not know (twice in a row) is handed to people.",
  "error-isolation": "A request that breaks a handler breaks nothing else.",
  concurrency: "One claim that waits does not hold up the others.",
  "persist-first": "What we have acknowledged is on disk before we acknowledge it.",
  "truthful-health": "Status and metrics say what is stuck and whether the partner answers.",
  "operator-replay": "A person can send a claim again.",
};

/** @typedef {keyof typeof PROTECTIONS} Protection */

/** Other ways to build the same thing, all of them right: a judge must not mind. */
const VARIANTS = ["slower", "poll-only", "json-order", "extra-retries", "second-channel"];

const without = chosen("WITHOUT", Object.keys(PROTECTIONS));
const variants = chosen("VARIANT", VARIANTS);

/** @param {Protection} name */
export function has(name) {
  return !without.has(name);
}

/** @param {string} name */
export function isVariant(name) {
  return variants.has(name);
}

/** @param {string} variable @param {string[]} known */
function chosen(variable, known) {
  const names = (process.env[variable] ?? "").split(",").map((name) => name.trim());
  const set = new Set(names.filter((name) => name !== ""));
  const unknown = [...set].filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`${variable}: unknown ${unknown.join(", ")}. Known: ${known.join(", ")}.`);
    process.exit(1);
  }
  return set;
}
