// The batches: what is sent where, how many at a time, and how each is judged.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDice, type Dice } from "./dice.ts";
import { hostileFile } from "./hostile-files.ts";
import { controlRequest, statusRequest, submission } from "./hostile-requests.ts";
import { malformedRequest } from "./malformed-http.ts";
import { projectFile } from "./project.ts";
import type { Served } from "./served.ts";
import { exchange } from "./socket.ts";
import { createRow, note, type Row } from "./verdict.ts";

export interface Batch {
  name: string;
  count: number;
  run(served: Served, seed: string, count: number): Promise<Row>;
}

const AT_ONCE = 16;
const FILES_A_CALL = 60;
const CHECK_MS = 40_000;
/** The partner cuts slow clients after 15 s, the control API after 10 s; both look eight times within that. */
const SLOW_MS = 20_000;
/** The control API answers 503 when there are 32 live readers. */
const MEANT = [503];

export const BATCHES: readonly Batch[] = [
  sockets(
    "broken HTTP at the partner",
    450,
    ({ port }) => port,
    (dice) => malformedRequest(dice, "/v1/claims"),
  ),
  sockets(
    "broken HTTP at the control API",
    350,
    ({ controlPort }) => controlPort,
    (dice) => malformedRequest(dice, "/faults"),
  ),
  sockets("hostile submissions", 500, ({ port }) => port, submission),
  sockets("hostile status requests", 200, ({ port }) => port, statusRequest),
  sockets("hostile control requests", 600, ({ controlPort }) => controlPort, controlRequest),
  { name: "hostile files", count: 420, run: checkFiles },
];

function sockets(
  name: string,
  count: number,
  portOf: (served: Served) => number,
  make: (dice: Dice) => Buffer,
): Batch {
  return {
    name,
    count,
    async run(served, seed, wanted) {
      const row = createRow(name);
      let next = 0;
      const worker = async () => {
        for (let nth = next++; nth < wanted; nth = next++) {
          const bytes = make(createDice(seed, name, nth));
          const began = performance.now();
          const taken = await exchange(portOf(served), bytes);
          note(row, bytes.toString("latin1"), taken, performance.now() - began, MEANT);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      return row;
    },
  };
}

/** Clients that begin and never go on, at both ports; runs beside the other batches, because it waits. */
export async function slowClients(served: Served, each: number): Promise<Row> {
  const row = createRow("clients that never finish");
  const beginnings = [
    "",
    "GET /",
    "POST /v1/claims HTTP/1.1\r\nHost: localhost\r\n",
    "POST /faults HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{",
    "POST /v1/claims HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
  ];
  const tries = [served.port, served.controlPort].flatMap((port) =>
    Array.from({ length: each }, (_, i) => ({ port, bytes: beginnings[i % beginnings.length] ?? "" })),
  );
  await Promise.all(
    tries.map(async ({ port, bytes }) => {
      const began = performance.now();
      note(row, `slowly: ${bytes}`, await exchange(port, bytes, SLOW_MS), performance.now() - began);
    }),
  );
  return row;
}

/** Through `neverfails check`: exit code 2, a line for each file that is wrong, nothing of our insides. */
async function checkFiles(_: Served, seed: string, count: number): Promise<Row> {
  const row = createRow("hostile files");
  const folder = mkdtempSync(join(tmpdir(), "neverfails-abuse-"));
  try {
    for (let first = 0; first < count; first += FILES_A_CALL) {
      const files = Array.from({ length: Math.min(FILES_A_CALL, count - first) }, (_unused, i) =>
        hostileFile(createDice(seed, "file", first + i), first + i),
      );
      for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
      await check(
        row,
        folder,
        files.map(({ name }) => name),
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return row;
}

async function check(row: Row, folder: string, names: readonly string[]): Promise<void> {
  const began = performance.now();
  const { code, text } = await run([projectFile("dist/cli/main.js"), "check", ...names], folder);
  const ms = performance.now() - began;
  row.slowestMs = Math.max(row.slowestMs, ms);
  row.sent += names.length;
  if (code !== 2) row.wrong.push(`exit code ${code}: ${text.slice(0, 500)}`);
  if (/\n\s+at \S/.test(text)) row.wrong.push(`showed its insides: ${text.slice(0, 500)}`);
  for (const name of names) {
    if (new RegExp(`^ok +${name}\\b`, "m").test(text)) row.done += 1;
    else if (new RegExp(`^${name}(?::\\d+:\\d+)? `, "m").test(text)) row.refused += 1;
    else row.wrong.push(`nothing is said about ${name}`);
  }
}

function run(args: readonly string[], cwd: string): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    const timer = setTimeout(() => child.kill("SIGKILL"), CHECK_MS);
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
    }
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code, text });
    });
  });
}
