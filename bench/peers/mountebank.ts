// mountebank: a reply injected as JavaScript, the only way in which it can call back.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CALLBACK_DELAY_MS, type Work } from "../work.ts";
import type { Peer } from "./peer.ts";

export const mountebank: Peer = {
  name: "mountebank 2.9 (injection)",
  start(port, work, folder) {
    const file = join(folder, "imposters.json");
    writeFileSync(file, JSON.stringify({ imposters: [imposter(port, work)] }));
    const cli = new URL("node_modules/mountebank/bin/mb", import.meta.url).pathname;
    const args = ["--configfile", file, "--port", String(port + 1), "--allowInjection", "--localOnly"];
    return { command: process.execPath, args: [cli, "start", ...args, "--loglevel", "error", "--nologfile"] };
  },
};

function imposter(port: number, work: Work) {
  const callBack = `
    const settled = JSON.stringify({ id, type: 'claim.settled', reference, outcome: 'approved' });
    config.state.agent = config.state.agent || new (require('http').Agent)({ keepAlive: true, maxSockets: 256 });
    setTimeout(() => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(settled) };
      const request = require('http').request(callbackUrl, { method: 'POST', agent: config.state.agent, headers });
      request.on('response', (response) => response.resume()).on('error', () => undefined).end(settled);
    }, ${CALLBACK_DELAY_MS});`;
  const inject = `(config) => {
    const { reference, callbackUrl } = JSON.parse(config.request.body || '{}');
    const id = require('crypto').randomUUID();
    ${work === "callback" ? callBack : ""}
    const headers = { 'Content-Type': 'application/json' };
    return { statusCode: 202, headers, body: JSON.stringify({ id, status: 'accepted', reference }) };
  }`;
  const predicates = [{ equals: { method: "POST", path: "/v1/claims" } }];
  return {
    port,
    host: "127.0.0.1",
    protocol: "http",
    recordRequests: false,
    stubs: [{ predicates, responses: [{ inject }] }],
  };
}
