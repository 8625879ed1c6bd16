// A test partner with its control API, in process and over HTTP.
import { createClock } from "../../../lib/clock.ts";
import { contractSchema } from "../../contract/contract.ts";
import { CONTRACT, startTestPartner, type TestPartner } from "../../tests-support/partner.ts";
import { PartnerClient } from "../client.ts";
import { type ControlDesk, createControl } from "../control.ts";
import { type ControlServer, type ControlServerOptions, startControlServer } from "../server.ts";

export interface Controlled extends AsyncDisposable {
  test: TestPartner;
  desk: ControlDesk;
  server: ControlServer;
  client: PartnerClient;
}

/** Slow enough that what is open can be caught. */
export const PATIENT = {
  ...CONTRACT,
  process: { takes: "60s", outcomes: { approved: "90%", denied: "10%" }, promises: "60s" },
};

export async function startControlled(
  contract: Record<string, unknown> = CONTRACT,
  options: Partial<ControlServerOptions> = {},
): Promise<Controlled> {
  const clock = createClock();
  const test = await startTestPartner(contract, { clock });
  const { partner, history } = test;
  const desk = createControl({ partner, contract: contractSchema.parse(contract), clock, history });
  const server = await startControlServer({
    control: desk,
    secrets: partner.secrets,
    onBug: (cause) => bugs.push(cause),
    ...options,
  });
  const client = new PartnerClient(server.url, server.token === undefined ? {} : { token: server.token });
  return {
    test,
    desk,
    server,
    client,
    async [Symbol.asyncDispose]() {
      await server.close();
      await test[Symbol.asyncDispose]();
    },
  };
}

/** Bugs of ours that a test met: there should be none. */
export const bugs: unknown[] = [];
