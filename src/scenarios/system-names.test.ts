import { describe, expect, it } from "vitest";
import { UserError } from "../lib/problem.ts";
import { type InstanceNames, renderingOrder, renderSystem, systemTemplates } from "./system-names.ts";
import type { Config } from "./types.ts";

const names: InstanceNames = {
  port: 18_080,
  dir: "/data/one",
  partner: {
    url: "http://127.0.0.1:9",
    token: "token",
    username: "",
    password: "",
    clientId: "",
    clientSecret: "",
    tokenUrl: "",
    secret: "whsec_x",
    nextSecret: "whsec_y",
    ca: "/data/one/partner-ca.pem",
  },
  alerts: {
    ops: {
      url: "http://127.0.0.1:8/slack/ops",
      base: "http://127.0.0.1:8",
      host: "127.0.0.1",
      port: 8,
      key: "k",
    },
  },
};

function configWith(
  system: Partial<Config["system"]> & { env?: Record<string, string>; command?: string[] },
) {
  return {
    file: "/project/neverfails.yaml",
    name: "service",
    system: {
      kind: "process",
      command: [],
      env: {},
      cwd: "/project",
      url: "http://127.0.0.1:{{ system.port }}",
      ...system,
    },
  } as unknown as Config;
}

describe("the system's own names", () => {
  it("are rendered in the order in which they need one another", async () => {
    const config = configWith({
      env: {
        WEBHOOK: "{{ system.env.BASE }}/hooks",
        BASE: "{{ system.url }}/v1",
        PORT: "{{ system.port }}",
        SLACK: "{{ alerts.ops.url }}",
        UPPER: "{{ $uppercase(system.env.PORT & partner.token) }}",
      },
      command: ["node", "server.js", "--data={{ system.dir }}", "{{ system.env.BASE }}"],
    });
    expect(await renderSystem(config, names)).toEqual({
      url: "http://127.0.0.1:18080",
      command: ["node", "server.js", "--data=/data/one", "http://127.0.0.1:18080/v1"],
      env: {
        WEBHOOK: "http://127.0.0.1:18080/v1/hooks",
        BASE: "http://127.0.0.1:18080/v1",
        PORT: "18080",
        SLACK: "http://127.0.0.1:8/slack/ops",
        UPPER: "18080TOKEN",
      },
    });
  });

  it("that go round in a circle are spelled out", () => {
    const templates = systemTemplates({
      url: "http://127.0.0.1",
      env: { A: "{{ system.env.B }}", B: "x{{ system.env.C }}", C: "{{ system.env.A }}" },
    });
    expect(renderingOrder(templates)).toEqual({
      circle: ["system.env.A", "system.env.B", "system.env.C", "system.env.A"],
    });
  });

  it("may not refer to themselves", () => {
    expect(renderingOrder(systemTemplates({ url: "{{ system.url }}" }))).toEqual({
      circle: ["system.url", "system.url"],
    });
  });

  it("that fail while rendering are a mistake of the user's, with the place", async () => {
    const config = configWith({ env: { BAD: "{{ $number('x') }}" } });
    const failure = await renderSystem(config, names).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(UserError);
    expect((failure as UserError).problems[0]).toMatchObject({ path: "system.env.BAD" });
  });
});
