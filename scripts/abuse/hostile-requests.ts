// Well-formed HTTP with hostile content, for the partner's routes and for every route of the control API.
import { OPERATIONS } from "../../src/simulator/control/operations.ts";
import { FAULT_NAMES } from "../../src/simulator/faults/catalogue.ts";
import type { Dice } from "./dice.ts";
import { HOSTILE_TEXTS, hostileJson } from "./hostile.ts";

const CONTENT_TYPES: readonly [string, ...string[]] = [
  "application/json",
  "application/json",
  "application/json",
  "application/json; charset=utf-7",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "text/xml",
  "application/json, text/plain",
  "*/*",
  "",
];

/** As bytes, so that clients do not mend what is hostile. */
export function submission(dice: Dice): Buffer {
  const key = dice.pick(HOSTILE_TEXTS).replaceAll(/[^\x20-\x7e]/g, "?");
  return request("POST", "/v1/claims", hostileJson(dice), [
    "Authorization: Bearer acme-test-token",
    `Content-Type: ${dice.pick(CONTENT_TYPES)}`,
    ...(dice.chance(0.8) ? [`Idempotency-Key: ${dice.chance(0.5) ? `k-${dice.below(1e6)}` : key}`] : []),
  ]);
}

export function statusRequest(dice: Dice): Buffer {
  return request("GET", `/v1/claims/${segment(dice)}`, "", ["Authorization: Bearer acme-test-token"]);
}

export function controlRequest(dice: Dice): Buffer {
  const [first, ...rest] = OPERATIONS;
  if (!first) throw new Error("the control API has operations");
  const { method, path, body } = dice.pick([first, ...rest]);
  const filled = path.replaceAll(/\{\w+\}/g, () => segment(dice));
  const names = ["after", "limit", "key", "state", "kind", "__proto__", "ttl"] as const;
  const query = dice.chance(0.5) ? `?${dice.pick(names)}=${encode(dice.pick(HOSTILE_TEXTS))}` : "";
  const verb = dice.chance(0.8) ? method.toUpperCase() : dice.pick(["PUT", "PATCH", "TRACE", "PROPFIND"]);
  const text = body === "fault" && dice.chance(0.7) ? hostileFault(dice) : hostileJson(dice);
  const headers = [
    `Content-Type: ${dice.pick(CONTENT_TYPES)}`,
    ...(dice.chance(0.1)
      ? [`Origin: ${dice.pick(["null", "https://evil.example", "http://localhost"])}`]
      : []),
    ...(dice.chance(0.1) ? [`Authorization: Bearer ${"x".repeat(dice.below(500))}`] : []),
    ...(dice.chance(0.1) ? [`Last-Event-ID: ${dice.pick(["-1", "x", "9".repeat(30), "0"])}`] : []),
  ];
  return request(verb, filled + query, method === "post" ? text : "", headers);
}

/** An entry of `faults:` with something wrong in it, now and then nothing; never one that takes the partner away. */
function hostileFault(dice: Dice): string {
  const [first = "callback.missing", ...rest] = FAULT_NAMES.filter((name) => !name.startsWith("connection."));
  const value = () =>
    dice.pick<unknown>(["1s", "soon", -1, 1e308, null, true, [], {}, [[]], dice.pick(HOSTILE_TEXTS)]);
  const key = dice.pick([
    "delay",
    "status",
    "on",
    "during",
    "attempts",
    "copies",
    "mutation",
    "ttl",
    "reason",
  ]);
  return JSON.stringify({
    fault: dice.chance(0.8) ? dice.pick([first, ...rest]) : dice.pick(HOSTILE_TEXTS),
    ...(dice.chance(0.7) && { [key]: value() }),
    ...(dice.chance(0.2) && { [dice.pick(HOSTILE_TEXTS)]: value() }),
    ttl: dice.chance(0.9) ? "1s" : value(),
  });
}

function segment(dice: Dice): string {
  const text = dice.pick(HOSTILE_TEXTS);
  // Raw where the request line can carry it.
  return dice.chance(0.5) ? encode(text) : text.replaceAll(/[^\x21-\x7e]/g, "") || "x";
}

/** Lone surrogates cannot be percent-encoded: their bytes stand in a row instead. */
function encode(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}

function request(method: string, path: string, body: string, headers: readonly string[]): Buffer {
  const bytes = Buffer.from(body);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    "Host: localhost",
    "Connection: close",
    ...headers,
    ...(bytes.length > 0 ? [`Content-Length: ${bytes.length}`] : []),
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), bytes]);
}
