import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import { key, started } from "../tests-support/one-claim.ts";
import type { Scene } from "../tests-support/passing-histories.ts";
import { statusOf, told } from "../tests-support/verdict-queries.ts";

describe("verifies-identity", () => {
  const received = (t: number, badCertificate?: string) => (s: Scene) =>
    s.add(t, {
      kind: "submit.received",
      key,
      attempt: 1,
      request: `b${t}`,
      bodyHash: "h",
      ...(badCertificate === undefined ? {} : { badCertificate }),
    });
  const abandoned = (s: Scene) => s.add(1_010, { kind: "connection.abandoned", badCertificate: "expired" });
  test.each<[string, (s: Scene) => Scene, string]>([
    ["nobody ever saw a bad certificate", (s) => s.submit(key, 1_020), "not-exercised"],
    ["turned away from", (s) => abandoned(s).submit(key, 1_500), "passed"],
    ["submitted over it", received(1_020, "expired"), "failed"],
    ["turned away from once, and then submitted", (s) => received(1_020, "expired")(abandoned(s)), "failed"],
    [
      "asked over it",
      (s) =>
        s.submit(key, 1_020).add(1_200, {
          kind: "status.asked",
          key,
          attempt: 1,
          request: "b1",
          submission: "s1",
          badCertificate: "untrusted",
        }),
      "failed",
    ],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(started(tell), "verifies-identity")).toBe(status);
  });

  test("the first request is told, and how many followed", () => {
    const history = started((s) => received(1_500, "wrong-host")(received(1_020, "wrong-host")(s)));
    expect(told(judge(history), "verifies-identity")).toBe(
      "claim CLM-0001: it was submitted at 1.02 s over a connection with the certificate of another host, and 1 more; whoever answers there may be anybody",
    );
  });
});
