import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import { decided, key, noInspect } from "../tests-support/one-claim.ts";
import { framed, type Scene } from "../tests-support/passing-histories.ts";
import { statusOf, told } from "../tests-support/verdict-queries.ts";

describe("no-invented-result", () => {
  test.each<[string, (s: Scene) => Scene, string]>([
    ["settled after a callback", (s) => s.deliver(key, 1_300).settle(key, 1_500), "passed"],
    ["settled after a status reply", (s) => s.poll(key, 1_300).settle(key, 1_500), "passed"],
    ["seen settled at the moment of the callback", (s) => s.deliver(key, 1_500).settle(key, 1_500), "passed"],
    ["seen settled just before the callback", (s) => s.settle(key, 1_499).deliver(key, 1_500), "failed"],
    ["settled otherwise than reported", (s) => s.deliver(key, 1_300).settle(key, 1_500, "denied"), "failed"],
    [
      "settled by a forged callback",
      (s) => s.deliver(key, 1_300, { signature: "forged" }).settle(key, 1_500),
      "failed",
    ],
    [
      "settled by an unsigned callback",
      (s) => s.deliver(key, 1_300, { signature: "missing" }).settle(key, 1_500),
      "failed",
    ],
    [
      "settled by a payload without a readable outcome",
      (s) => s.deliver(key, 1_300, { content: "malformed", claims: null }).settle(key, 1_500),
      "failed",
    ],
    [
      "settled by a status reply without an outcome",
      (s) => s.poll(key, 1_300, null).settle(key, 1_500),
      "failed",
    ],
    [
      "settled as a well-signed lie says",
      (s) => s.deliver(key, 1_300, { content: "false", claims: "denied" }).settle(key, 1_500, "denied"),
      "passed",
    ],
    ["the 202 taken for success, corrected later", (s) => s.settle(key, 1_150).deliver(key, 1_300), "failed"],
    ["never settled", (s) => s, "passed"],
  ])("%s: %#", (_, tell, status) => {
    expect(statusOf(decided(tell), "no-invented-result")).toBe(status);
  });

  test("a submission that was refused for good may be called rejected", () => {
    const history = framed({ faults: [{}] }, (s) =>
      s.start(key, 1_000).submit(key, 1_020, { status: 422 }).settle(key, 1_200, "rejected"),
    );
    expect(statusOf(history, "no-invented-result")).toBe("passed");
  });

  test("the likely cause is named", () => {
    const history = decided((s) => s.settle(key, 1_150).deliver(key, 1_300));
    expect(told(judge(history), "no-invented-result")).toBe(
      'claim CLM-0001: shows "paid" (approved) since 1.15 s, but Acme had not reported that: the submission had been answered with 202 at 1.02 s',
    );
  });

  test("without a settled state nothing was exercised; without `inspect` it cannot be told", () => {
    const nothing = decided((s) => s);
    const pending = {
      ...nothing,
      events: nothing.events.filter(
        (event) => event.kind !== "system.state" || event.means?.kind !== "settled",
      ),
    };
    expect(statusOf(pending, "no-invented-result")).toBe("not-exercised");
    expect(
      statusOf(
        noInspect((s) => s),
        "no-invented-result",
      ),
    ).toBe("cannot-tell");
  });
});
