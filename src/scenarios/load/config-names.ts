// Which names the expressions of neverfails.yaml may use, place by place, and the check of them all.
import type { Problem } from "../../lib/problem.ts";
import { renderingOrder, systemTemplates } from "../system-names.ts";
import { entriesOf, lookup } from "./lookup.ts";
import { checkExpression, checkTemplate, type Names } from "./names.ts";
import { type Path, problemAt, type Source } from "./source.ts";

const PARTNER: Names = {
  url: true,
  token: true,
  secret: true,
  nextSecret: true,
  ca: true,
  username: true,
  password: true,
  clientId: true,
  clientSecret: true,
  tokenUrl: true,
};
const CHANNEL: Names = { url: true, base: true, host: true, port: true, key: true };
const TRANSACTION: Names = { key: true, id: true, ordinal: true };
/** What is known of a transaction once it is started. */
const STARTED: Names = { key: true, id: true };
const ANSWER: Names = { status: true, headers: true, body: true };

/** Parts of a call that are templates. */
const CALL_PARTS = ["get", "post", "put", "patch", "delete", "headers", "json", "form", "body"];

/** Checks every template and expression of the file, whether or not its shape is right otherwise. */
export function checkConfigExpressions(source: Source): Problem[] {
  const { data } = source;
  const around = outerNames(data);
  const calls = callNames(around);
  const inCalls: Names = { ...calls, transaction: STARTED };
  const start = lookup(data, ["workflow", "start"]);
  const sent = ["json", "form"].map((part) => lookup(start, [part])).find((part) => part !== undefined);
  const template = (path: Path, names: Names) => checkTemplate(lookup(data, path), { source, path, names });
  const expression = (path: Path, names: Names) => {
    const text = lookup(data, path);
    return typeof text === "string" ? checkExpression(text, { source, path, names }) : [];
  };
  const call = (path: Path, names: Names) => CALL_PARTS.flatMap((part) => template([...path, part], names));
  const inspect = ["workflow", "inspect"];
  return [
    ...["command", "url", "env"].flatMap((part) => template(["system", part], around)),
    ...checkCircle(source),
    ...call(["workflow", "start"], { ...calls, transaction: TRANSACTION }),
    ...expression(["workflow", "start", "id"], { response: ANSWER, transaction: TRANSACTION }),
    ...call(inspect, inCalls),
    ...expression([...inspect, "state"], ANSWER),
    ...expression([...inspect, "effects"], ANSWER),
    ...call(["workflow", "replay"], inCalls),
    ...expression(["workflow", "value"], { start: namesOf(sent), transaction: TRANSACTION }),
    ...call(["alerts", "canary"], calls),
    ...entriesOf(lookup(data, ["alerts"])).flatMap(([name]) =>
      ["resolved", "dedup", "severity", "text"].flatMap((part) =>
        expression(["alerts", name, "mapping", part], { body: true }),
      ),
    ),
    ...entriesOf(lookup(data, ["signals"])).flatMap(([name]) => [
      ...template(["signals", name, "get"], calls),
      ...template(["signals", name, "headers"], calls),
      ...expression(["signals", name, "value"], ANSWER),
      ...expression(["signals", name, "healthy"], { value: true }),
    ]),
  ];
}

/** `start.amount` is checked against the body that is sent, as far as that says its keys. */
export function namesOf(sent: unknown): true | Names {
  const entries = entriesOf(sent);
  return entries.length === 0
    ? true
    : Object.fromEntries(entries.map(([key, value]) => [key, namesOf(value)]));
}

function outerNames(data: unknown): Names {
  const isProcess = lookup(data, ["system", "command"]) !== undefined;
  const env = entriesOf(lookup(data, ["system", "env"])).map(([name]) => [name, true] as const);
  const channels = entriesOf(lookup(data, ["alerts"])).filter(([name]) => name !== "canary");
  return {
    system: isProcess ? { port: true, dir: true, url: true, env: Object.fromEntries(env) } : { url: true },
    partner: PARTNER,
    alerts: Object.fromEntries(channels.map(([name]) => [name, CHANNEL])),
  };
}

/** Requests know the instance, but not the environment that its process was given. */
function callNames(around: Names): Names {
  const system = around.system === true ? {} : around.system;
  return {
    ...around,
    system: Object.fromEntries(Object.entries(system ?? {}).filter(([name]) => name !== "env")),
  };
}

function checkCircle(source: Source): Problem[] {
  const system = lookup(source.data, ["system"]);
  const env = entriesOf(lookup(system, ["env"])).map(([name, value]) => [name, String(value)] as const);
  const sorted = renderingOrder(
    systemTemplates({ url: String(lookup(system, ["url"]) ?? ""), env: Object.fromEntries(env) }),
  );
  if (!("circle" in sorted)) return [];
  const path = (sorted.circle[0] ?? "").startsWith("system.env.")
    ? ["system", "env", (sorted.circle[0] ?? "").slice("system.env.".length)]
    : ["system", "url"];
  return [problemAt(source, path, `refers to itself in a circle: ${sorted.circle.join(" → ")}`)];
}
