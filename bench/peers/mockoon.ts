// Mockoon's command line: a templated reply, and a callback with a latency.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CALLBACK_DELAY_MS, type Work } from "../work.ts";
import type { Peer } from "./peer.ts";

const CALLBACK = "6f1d1c43-3d0c-4d4c-9d39-5a2f9bb0c001";
const ROUTE = "6f1d1c43-3d0c-4d4c-9d39-5a2f9bb0c002";

export const mockoon: Peer = {
  name: "Mockoon CLI 9.9",
  start(port, work, folder) {
    const file = join(folder, "mockoon.json");
    writeFileSync(file, JSON.stringify(environment(port, work)));
    const cli = new URL("node_modules/@mockoon/cli/bin/run.js", import.meta.url).pathname;
    return {
      command: process.execPath,
      args: [cli, "start", "--data", file, "--disable-log-to-file", "--max-transaction-logs", "1"],
    };
  },
};

const JSON_HEADERS = [{ key: "Content-Type", value: "application/json" }];

function environment(port: number, work: Work) {
  return {
    uuid: "6f1d1c43-3d0c-4d4c-9d39-5a2f9bb0c000",
    lastMigration: 33,
    name: "Bench",
    endpointPrefix: "",
    latency: 0,
    port,
    hostname: "127.0.0.1",
    folders: [],
    rootChildren: [{ type: "route", uuid: ROUTE }],
    routes: [
      {
        uuid: ROUTE,
        type: "http",
        documentation: "",
        method: "post",
        endpoint: "v1/claims",
        responses: [
          {
            uuid: "6f1d1c43-3d0c-4d4c-9d39-5a2f9bb0c003",
            body: `{"id":"{{uuid}}","status":"accepted","reference":"{{body 'reference'}}"}`,
            latency: 0,
            statusCode: 202,
            label: "",
            headers: JSON_HEADERS,
            bodyType: "INLINE",
            filePath: "",
            databucketID: "",
            sendFileAsBody: false,
            rules: [],
            rulesOperator: "OR",
            disableTemplating: false,
            fallbackTo404: false,
            default: true,
            crudKey: "id",
            callbacks: work === "callback" ? [{ uuid: CALLBACK, latency: CALLBACK_DELAY_MS }] : [],
          },
        ],
        responseMode: null,
        streamingMode: null,
        streamingInterval: 0,
      },
    ],
    proxyMode: false,
    proxyHost: "",
    proxyRemovePrefix: false,
    tlsOptions: {
      enabled: false,
      type: "CERT",
      pfxPath: "",
      certPath: "",
      keyPath: "",
      caPath: "",
      passphrase: "",
    },
    cors: false,
    headers: [],
    proxyReqHeaders: [],
    proxyResHeaders: [],
    data: [],
    callbacks: [
      {
        uuid: CALLBACK,
        id: "settled",
        name: "settled",
        documentation: "",
        method: "post",
        uri: "{{body 'callbackUrl'}}",
        headers: JSON_HEADERS,
        bodyType: "INLINE",
        body: `{"id":"{{uuid}}","type":"claim.settled","reference":"{{body 'reference'}}","outcome":"approved"}`,
        databucketID: "",
        filePath: "",
        sendFileAsBody: true,
      },
    ],
  };
}
