// neverfails.yaml of the starter.
import type { Blueprint } from "./blueprint.ts";

const SCHEMA = "node_modules/neverfails/schemas";

export function configFile({ auth, outcomes, states }: Blueprint, name: string): string {
  const means = outcomes.map((outcome) => `      ${quoted(outcome)}: ${quoted(outcome)}`);
  const effects = outcomes.map((outcome) => `${quoted(outcome)}: 1`).join(", ");
  return `# yaml-language-server: $schema=${SCHEMA}/neverfails.schema.json
# The system under test. It runs as it is, with the sample service in server.mjs; for your own service change
# 1. system.command and system.env (or system.url for one that runs already),
# 2. workflow: how one transaction is started, and how its state is read,
# 3. alerts: where the service sends its alerts.
name: ${quoted(name)}
system:
  command: node server.mjs # no shell; every scenario gets an instance of its own, on a free port
  env:
    PORT: "{{ system.port }}"
    PUBLIC_URL: "{{ system.url }}"
    PARTNER_URL: "{{ partner.url }}"
${ENVIRONMENT[auth].map((line) => `    ${line}\n`).join("")}    ALERT_URL: "{{ alerts.operations.url }}"
  ready: { get: /healthz, within: 10s }
partner: partner.yaml
workflow:
  noun: order
  start:
    post: /orders
    json: { reference: "{{ transaction.key }}" }
    id: response.body.id
  inspect:
    get: /orders/{{ transaction.id }}
    state: body.status
    effects: $count(body.effects)
    means: # every state that the service can show: pending, attention, or the outcome that it claims
      ${states.received}: pending
      ${states.submitted}: pending
      ${states.overdue}: attention
      ${states.refused}: attention
${means.join("\n")}
    expectedEffects: { ${effects} }
  tolerates: 30s
alerts:
  operations: { kind: webhook, owner: Operations, for: [business] }
  canary: { post: /test-alert }
signals:
  healthy: { get: /healthz, value: status = 200 }
logs: { from: [stdout, stderr] }
scenarios: [scenarios] # add \`shipped\` for the whole catalogue: neverfails list
`;
}

const ENVIRONMENT: Record<Blueprint["auth"], readonly string[]> = {
  none: [],
  bearer: ['PARTNER_TOKEN: "{{ partner.token }}"'],
  apiKey: ['PARTNER_TOKEN: "{{ partner.token }}"'],
  basic: ['PARTNER_USERNAME: "{{ partner.username }}"', 'PARTNER_PASSWORD: "{{ partner.password }}"'],
  oauth2: [
    'PARTNER_TOKEN_URL: "{{ partner.tokenUrl }}"',
    'PARTNER_CLIENT_ID: "{{ partner.clientId }}"',
    'PARTNER_CLIENT_SECRET: "{{ partner.clientSecret }}"',
  ],
};

/** Plain where YAML reads it as the text that it is. */
export function quoted(text: string): string {
  const isPlain = /^[A-Za-z][\w -]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return isPlain && text.trim() === text ? text : JSON.stringify(text);
}
