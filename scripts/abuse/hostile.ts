// Texts and values that have broken other programs.
import type { Dice } from "./dice.ts";

export const HOSTILE_TEXTS: readonly [string, ...string[]] = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "",
  " ",
  "null",
  "undefined",
  "NaN",
  "-0",
  "9".repeat(400),
  "x".repeat(5_000),
  "\u0000",
  "a\u0000b",
  "a\r\nX-Injected: yes",
  "\u001b[2J\u001b[31m",
  "\u202etxt.exe",
  "\ud800",
  "a\udfffb",
  "\ufeff",
  "👩‍👩‍👧‍👦".repeat(20),
  "e\u0301".repeat(50),
  "%s%s%s%n%x",
  "%00",
  "%ff%fe",
  "%",
  "../../../../etc/passwd",
  "..%2f..%2f..%2fetc%2fpasswd",
  "file:///etc/passwd",
  "http://169.254.169.254/latest/meta-data",
  "http://127.0.0.1:22/",
  "{{ submission.id }}",
  "{{ $env('HOME') }}",
  "{{ $eval('1+1') }}",
  "{{{{{{",
  "}}",
  "$" + "{process.exit(1)}",
  "<script>alert(1)</script>",
  "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
  "'; DROP TABLE claims; --",
  "$(touch /tmp/abused)",
  "`id`",
  "(".repeat(300),
  "a".repeat(256),
  "a".repeat(257),
];

/** A JSON text, mostly well-formed. */
export function hostileJson(dice: Dice): string {
  const text = () => JSON.stringify(dice.pick(HOSTILE_TEXTS));
  switch (dice.below(9)) {
    case 0:
      return text();
    case 1:
      return `{${text()}:${text()},"reference":${text()}}`;
    case 2:
      return `{"__proto__":{"reference":"x"},"\\u005f_proto__":{"polluted":true},"reference":${text()}}`;
    case 3:
      return "[".repeat(1 + dice.below(50_000));
    case 4: {
      const depth = 1 + dice.below(2_000);
      return `{"reference":"deep","a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
    }
    case 5:
      return `{"reference":${text()},"reference":${text()},"amount":1e${dice.below(400)}}`;
    case 6:
      return `{"reference":"R-${dice.below(50)}","callbackUrl":${text()},"patient":${text()},"amount":${dice.below(1e6) - 5e5}}`;
    case 7:
      return dice.pick([
        "",
        "{",
        "}",
        "nul",
        "tru",
        '{"a":}',
        '{"a":1,}',
        "{'a':1}",
        "\ufeff{}",
        "0x10",
        "1 2",
      ]);
    default:
      return `{"reference":${text()},"list":[${Array.from({ length: dice.below(500) }, () => text()).join(",")}]}`;
  }
}
