// server.mjs: a small service that speaks the contract, so that there is something to run from the first minute.
import type { Blueprint } from "./blueprint.ts";

export function serverFile(blueprint: Blueprint): string {
  const { submitPath, statusPath, sample, idempotencyHeader, idAt, status, callback, states } = blueprint;
  const [received, submitted, overdue, refused] = [
    states.received,
    states.submitted,
    states.overdue,
    states.refused,
  ].map(code);
  const isForm = sample.isForm;
  const bodyChanges = [
    ...(sample.key?.kind === "body" ? [`  put(body, ${code(sample.key.path)}, reference);`] : []),
    ...(sample.callback?.kind === "body" ? [`  put(body, ${code(sample.callback.path)}, WEBHOOK_URL);`] : []),
  ];
  const headers = [
    `"content-type": ${code(isForm ? "application/x-www-form-urlencoded" : "application/json")}`,
    ...(idempotencyHeader === undefined ? [] : [`${code(idempotencyHeader)}: order.reference`]),
    ...(sample.key?.kind === "header" && sample.key.name !== idempotencyHeader
      ? [`${code(sample.key.name)}: order.reference`]
      : []),
    ...(sample.callback?.kind === "header" ? [`${code(sample.callback.name)}: WEBHOOK_URL`] : []),
    "...(await credentials())",
  ];
  const query =
    sample.callback?.kind === "query"
      ? `?${encodeURIComponent(sample.callback.name)}=\${encodeURIComponent(WEBHOOK_URL)}`
      : "";
  const webhookPath = sample.callback?.kind === "path" ? sample.callback.path : "/webhooks/partner";
  return `// A sample service, to be replaced by your own: it takes orders, submits each to the partner, takes the result from the
// webhook and asks for it when none comes. It keeps everything in memory and verifies no signatures: yours must do better.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const { PORT = "3000", PUBLIC_URL = \`http://127.0.0.1:\${PORT}\`, PARTNER_URL = "", ALERT_URL = "" } = process.env;
const WEBHOOK_PATH = ${code(webhookPath)};
${usesAddress(blueprint) ? "const WEBHOOK_URL = PUBLIC_URL + WEBHOOK_PATH;\n" : ""}/** The partner promises a result within two seconds; later than this it is late. */
const LATE_AFTER_MS = 2_500;

/** A request that the partner takes. */
const REQUEST = ${JSON.stringify(sample.body, null, 2)};

function requestBody(${bodyChanges.some((line) => line.includes("reference")) ? "reference" : ""}) {
  const body = structuredClone(REQUEST);
${bodyChanges.join("\n")}${bodyChanges.length > 0 ? "\n" : ""}  return ${isForm ? "new URLSearchParams(fields(body)).toString()" : "JSON.stringify(body)"};
}

${credentials(blueprint)}

const orders = new Map();

async function submit(order) {
  for (let attempt = 0; attempt < 30 && order.status === ${received}; attempt++) {
    if (attempt > 0) await sleep(1_000);
    try {
      const response = await fetch(\`\${PARTNER_URL}${submitPath}${query}\`, {
        method: "POST",
        headers: { ${headers.join(", ")} },
        body: requestBody(${bodyChanges.some((line) => line.includes("reference")) ? "order.reference" : ""}),
        signal: AbortSignal.timeout(5_000),
      });
      if (response.ok) {
        order.partnerId = String(${idAt ? `at(await response.json(), ${code(idAt)})` : "order.reference"});
        if (order.status === ${received}) order.status = ${submitted};
      } else if ([400, 403, 404, 409, 422].includes(response.status)) {
        console.error(\`order \${order.reference}: refused with \${response.status}: \${await response.text()}\`);
        await raise(order, ${refused}, "was refused by the partner");
      }
    } catch (error) {
      console.error(\`order \${order.reference}: the partner cannot be reached: \${error}\`);
    }
  }
  if (order.status === ${received}) await raise(order, ${overdue}, "could not be submitted");
  else await follow(order);
}

/** Nobody waits for a webhook alone. */
async function follow(order) {
  await sleep(LATE_AFTER_MS);
  for (let attempt = 0; attempt < 60 && isOpen(order); attempt++) {
${
  statusPath === undefined || status.outcomeAt === undefined
    ? ""
    : `    const outcome = await ask(order).catch(() => undefined);
    if (outcome !== undefined) settle(order, outcome);
`
}    if (order.status === ${submitted}) await raise(order, ${overdue}, "has no result yet");
    await sleep(1_000);
  }
}
${
  statusPath === undefined || status.outcomeAt === undefined
    ? ""
    : `
async function ask(order) {
  const path = ${code(statusPath)}.replace("/:id", \`/\${encodeURIComponent(order.partnerId)}\`);
  const response = await fetch(PARTNER_URL + path, { headers: await credentials(), signal: AbortSignal.timeout(5_000) });
  return response.ok ? STATUS_MEANS[at(await response.json(), ${code(status.outcomeAt)})] : undefined;
}
const STATUS_MEANS = ${code(status.means)};
`
}
function isOpen(order) {
  return [${submitted}, ${overdue}].includes(order.status);
}

/** The first result counts; its effect happens once. */
function settle(order, outcome) {
  if (["settled", ${refused}].includes(order.status)) return;
  order.status = "settled";
  order.outcome = outcome;
  order.effects.push({ outcome, at: new Date().toISOString() });
}

async function raise(order, status, what) {
  order.status = status;
  await alert(\`order \${order.reference} \${what}\`);
}

async function alert(text) {
  const body = JSON.stringify({ text });
  await fetch(ALERT_URL, { method: "POST", headers: { "content-type": "application/json" }, body }).catch(console.error);
}
${
  callback === undefined
    ? ""
    : `
const RESULT_MEANS = ${code(callback.means)};

/** The status to answer the partner with. */
function takeResult(result) {
  const order = ${
    callback.keyAt
      ? `orders.get(String(at(result, ${code(callback.keyAt)})))`
      : `[...orders.values()].find(({ partnerId }) => partnerId === String(at(result, ${code(callback.idAt ?? ["id"])})))`
  };
  const outcome = RESULT_MEANS[at(result, ${code(callback.outcomeAt ?? ["outcome"])})];
  if (!order) return 404;
  if (outcome === undefined) return 422;
  settle(order, outcome);
  return 200;
}
`
}
createServer(async (request, response) => {
  const reply = (status, body = {}) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  try {
    let text = "";
    for await (const chunk of request) text += chunk;
    const path = new URL(request.url, PUBLIC_URL).pathname;
    if (path === "/healthz") return reply(200, { ok: true });
    if (request.method === "POST" && path === "/orders") {
      const { reference } = JSON.parse(text);
      const order = orders.get(reference) ?? { reference, status: ${received}, effects: [] };
      if (!orders.has(reference)) {
        orders.set(reference, order);
        void submit(order);
      }
      return reply(202, { id: reference });
    }
    if (request.method === "GET" && path.startsWith("/orders/")) {
      const order = orders.get(decodeURIComponent(path.slice("/orders/".length)));
      if (!order) return reply(404);
      return reply(200, { ...order, status: order.outcome ?? order.status });
    }
    if (request.method === "POST" && path === "/test-alert") {
      await alert("this is a test");
      return reply(200);
    }
${callback === undefined ? "" : `    if (request.method === "POST" && ${sample.callback?.hasMore ? "path.startsWith(WEBHOOK_PATH)" : "path === WEBHOOK_PATH"}) return reply(takeResult(JSON.parse(text)));\n`}    return reply(404);
  } catch (error) {
    return reply(400, { error: String(error) });
  }
}).listen(Number(PORT), "127.0.0.1");

/** What stands at a path of a JSON value. */
function at(value, path) {
  return path.reduce((inner, step) => inner?.[step], value);
}
${
  bodyChanges.length === 0
    ? ""
    : `
/** What is missing on the way is made. */
function put(value, [step, ...rest], item) {
  if (rest.length === 0) value[step] = item;
  else put((value[step] ??= /^\\d+$/.test(rest[0]) ? [] : {}), rest, item);
}
`
}${
  isForm
    ? `
/** \`{ items: [{ id: 7 }] }\` → \`items[0][id]\` = 7. */
function fields(value, name = "") {
  if (value === null) return [];
  if (typeof value !== "object") return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, item]) => fields(item, name === "" ? key : \`\${name}[\${key}]\`));
}
`
    : ""
}`;
}

function usesAddress({ sample }: Blueprint): boolean {
  return sample.callback !== undefined && sample.callback.kind !== "path";
}

function credentials({ auth, authHeader }: Blueprint): string {
  switch (auth) {
    case "none":
      return "async function credentials() {\n  return {};\n}";
    case "bearer":
      return `async function credentials() {
  return { authorization: \`Bearer \${process.env.PARTNER_TOKEN}\` };
}`;
    case "apiKey":
      return `async function credentials() {\n  return { ${code(authHeader ?? "x-api-key")}: process.env.PARTNER_TOKEN };\n}`;
    case "basic":
      return `async function credentials() {
  const { PARTNER_USERNAME, PARTNER_PASSWORD } = process.env;
  return { authorization: \`Basic \${Buffer.from(\`\${PARTNER_USERNAME}:\${PARTNER_PASSWORD}\`).toString("base64")}\` };
}`;
    case "oauth2":
      return `let token = { value: "", until: 0 };

async function credentials() {
  const { PARTNER_TOKEN_URL, PARTNER_CLIENT_ID, PARTNER_CLIENT_SECRET } = process.env;
  if (Date.now() > token.until) {
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: PARTNER_CLIENT_ID,
      client_secret: PARTNER_CLIENT_SECRET,
    });
    const response = await fetch(PARTNER_TOKEN_URL, { method: "POST", body, signal: AbortSignal.timeout(5_000) });
    const { access_token, expires_in } = await response.json();
    token = { value: access_token, until: Date.now() + (expires_in - 5) * 1_000 };
  }
  return { authorization: \`Bearer \${token.value}\` };
}`;
  }
}

function code(value: unknown): string {
  return JSON.stringify(value);
}
