// scenarios/ of the starter: the steady state, a result that never comes, and one that comes twice.
import type { Blueprint } from "./blueprint.ts";

const HEAD = "# yaml-language-server: $schema=../node_modules/neverfails/schemas/scenario.schema.json\n";
const WORKLOAD = "workload: { transactions: 8, rate: 12/s, control: 25% }\n";

export function scenarioFiles({ statusPath, status, callback }: Blueprint): Record<string, string> {
  const canAsk = statusPath !== undefined && status.outcomeAt !== undefined;
  const files = {
    "scenarios/steady-state.yaml": `${HEAD}title: Nothing breaks\n${WORKLOAD}`,
    "scenarios/slow-result.yaml": `${HEAD}title: The partner needs longer than it promised
asks: What happens if it accepts the request but cannot process it?
${WORKLOAD}faults:
  - { fault: processing.slow, takes: 4s }
expect:
  detects: { within: 4s }
  alerts: { within: 6s, channel: operations }
  recovers: { within: 10s }
`,
  };
  if (!callback) return files;
  return {
    ...files,
    "scenarios/missing-result.yaml": `${HEAD}title: The partner decides but never reports the result
asks: What happens if it never reports the processing result?
${WORKLOAD}faults:
  - fault: callback.missing
expect:
${canAsk ? "  recovers: { within: 8s } # the service asks for the status" : "  detects: { within: 5s }\n  alerts: { within: 6s, channel: operations }"}
`,
    "scenarios/duplicate-result.yaml": `${HEAD}title: The partner reports every result twice
asks: What happens if it sends the same result twice?
${WORKLOAD}faults:
  - fault: callback.duplicate
expect:
  absorbs: true
`,
  };
}
