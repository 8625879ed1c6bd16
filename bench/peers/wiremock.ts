// WireMock: templated reply and the webhook extension with a fixed delay; the journal off, as its own guide advises for load.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CALLBACK_DELAY_MS, type Work } from "../work.ts";
import type { Peer } from "./peer.ts";

const JAR = "node_modules/wiremock/build/wiremock-standalone-3.13.2.jar";

export const wiremock: Peer = {
  name: "WireMock 3.13 (templated)",
  needs: "java",
  start(port, work, folder) {
    const mappings = join(folder, "mappings");
    mkdirSync(mappings, { recursive: true });
    writeFileSync(join(mappings, "claims.json"), JSON.stringify(stub(work)));
    return {
      command: "java",
      args: [
        ...["-jar", new URL(JAR, import.meta.url).pathname, "--port", String(port), "--root-dir", folder],
        ...[
          "--global-response-templating",
          "--no-request-journal",
          "--disable-banner",
          "--async-response-enabled",
          "true",
        ],
        ...["--container-threads", "32", "--webhook-threadpool-size", "64"],
      ],
    };
  },
};

function stub(work: Work) {
  const webhook = {
    name: "webhook",
    parameters: {
      method: "POST",
      url: "{{jsonPath originalRequest.body '$.callbackUrl'}}",
      headers: { "Content-Type": "application/json" },
      body: `{"id":"{{randomValue type='UUID'}}","type":"claim.settled","reference":"{{jsonPath originalRequest.body '$.reference'}}","outcome":"approved"}`,
      delay: { type: "fixed", milliseconds: CALLBACK_DELAY_MS },
    },
  };
  return {
    request: { method: "POST", urlPath: "/v1/claims" },
    response: {
      status: 202,
      headers: { "Content-Type": "application/json" },
      body: `{"id":"{{randomValue type='UUID'}}","status":"accepted","reference":"{{jsonPath request.body '$.reference'}}"}`,
      transformers: ["response-template"],
    },
    ...(work === "callback" && { serveEventListeners: [webhook] }),
  };
}
