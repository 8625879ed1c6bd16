// Requests that are no HTTP, nearly HTTP, or two requests at once.
import type { Dice } from "./dice.ts";
import { HOSTILE_TEXTS } from "./hostile.ts";

const HEAD = "Host: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer acme-test-token\r\n";

/** `path`: one that exists. The connection is half-closed after it. */
export function malformedRequest(dice: Dice, path: string): Buffer {
  const text = dice.pick(HOSTILE_TEXTS);
  const lines = (...parts: string[]) => `${parts.join("\r\n")}\r\n\r\n`;
  const post = `POST ${path} HTTP/1.1\r\n${HEAD}`;
  const number = dice.below(1_000_000);
  const requests: readonly [string, ...string[]] = [
    text,
    "\r\n".repeat(1 + dice.below(500)),
    `GET ${path}\r\n\r\n`,
    lines(`GET ${path} HTTP/9.9`, "Host: localhost"),
    lines(`GET ${path} HTTP/1.1`),
    lines(`GET ${path} HTTP/1.1`, "Host: a", "Host: b"),
    lines(`G\u0000T ${path} HTTP/1.1`, "Host: localhost"),
    lines(`${"A".repeat(1 + dice.below(3_000))} ${path} HTTP/1.1`, "Host: localhost"),
    lines(`GET ${path}${text} HTTP/1.1`, "Host: localhost"),
    lines(`GET /${"a/".repeat(dice.below(6_000))} HTTP/1.1`, "Host: localhost"),
    lines(`GET /%${dice.pick(["", "0", "zz", "c0%af", "ff"])} HTTP/1.1`, "Host: localhost"),
    lines(`GET http://evil.example${path} HTTP/1.1`, "Host: evil.example"),
    lines("OPTIONS * HTTP/1.1", "Host: localhost"),
    lines("CONNECT 127.0.0.1:22 HTTP/1.1", "Host: localhost"),
    lines("PRI * HTTP/2.0", "", "SM"),
    lines(`GET ${path} HTTP/1.1`, "Host: localhost", "Upgrade: websocket", "Connection: Upgrade"),
    lines(`GET ${path} HTTP/1.1`, "Host: localhost", `X-${"y".repeat(dice.below(30_000))}: 1`),
    lines(
      `GET ${path} HTTP/1.1`,
      "Host: localhost",
      ...Array.from({ length: dice.below(3_000) }, (_, i) => `X${i}: 1`),
    ),
    lines(`GET ${path} HTTP/1.1`, "Host: localhost", " folded: yes"),
    lines(`GET ${path} HTTP/1.1`, "Host : localhost"),
    lines(`GET ${path} HTTP/1.1`, "Host: localhost", "X: \u0000\u0007"),
    `GET ${path} HTTP/1.1\nHost: localhost\n\n`,
    `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
    `${post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n`,
    `${post}Transfer-Encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    `${post}Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
    `${post}Transfer-Encoding: chunked\r\n\r\n${"f".repeat(20)}\r\n{}`,
    `${post}Transfer-Encoding: chunked\r\n\r\n2\r\n{}extra\r\n0\r\n\r\n`,
    `${post}Transfer-Encoding: chunked\r\n\r\n2;${"e".repeat(dice.below(20_000))}\r\n{}\r\n0\r\n\r\n`,
    `${post}Content-Length: -1\r\n\r\n{}`,
    `${post}Content-Length: 1e3\r\n\r\n{}`,
    `${post}Content-Length: ${"9".repeat(30)}\r\n\r\n{}`,
    `${post}Content-Length: ${number + 10}\r\n\r\n{}`,
    `${post}Content-Length: 2\r\nExpect: 200-maybe\r\n\r\n{}`,
    `${post}Content-Length: 2\r\nContent-Encoding: gzip\r\n\r\n{}`,
    `${post}Content-Length: 4\r\n\r\n\u0000\u0001\u0002\u0003`,
    `${post}Content-Length: ${1_500_000}\r\n\r\n${"x".repeat(1_500_000)}`,
    `${post}Content-Length: 2\r\n\r\n{}${post}Content-Length: 2\r\n\r\n{}`.repeat(1 + dice.below(20)),
  ];
  const bytes = Buffer.from(dice.pick(requests), "latin1");
  // Some of them with a few bytes changed, so that not only what is listed here is tried.
  if (dice.chance(0.4) && bytes.length > 0) {
    for (let i = 0; i <= dice.below(4); i++) bytes[dice.below(Math.min(bytes.length, 400))] = dice.below(256);
  }
  return bytes;
}
