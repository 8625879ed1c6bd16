// How long `neverfails serve` takes until it answers, against a node that does nothing.
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median, type Row } from "./table.ts";

const ROUNDS = 9;
const PORT = 15_999;
const BUDGET_MS = 250;
const command = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const contract = fileURLToPath(new URL("../examples/acme-clearinghouse/partner.yaml", import.meta.url));

export async function measureColdStart(): Promise<Row[]> {
  const node: number[] = [];
  const serve: number[] = [];
  for (let i = -1; i < ROUNDS; i++) {
    const began = performance.now();
    spawnSync(process.execPath, ["-e", "0"]);
    const nodeMs = performance.now() - began;
    const serveMs = await untilItListens();
    if (i < 0) continue;
    node.push(nodeMs);
    serve.push(serveMs);
  }
  const target = 2 * median(node) + BUDGET_MS;
  return [
    {
      what: "cold start of serve",
      reached: `${Math.round(median(serve))} ms`,
      limit: `node -e 0: ${Math.round(median(node))} ms`,
      target: `2 × node + ${BUDGET_MS} = ${Math.round(target)} ms`,
      met: median(serve) <= target,
    },
  ];
}

/** Until its first line says that it listens: by then the port answers. */
function untilItListens(): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const args = [command, "serve", contract, "--port", String(PORT)];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    child.once("error", reject);
    child.stdout.once("data", () => {
      const ms = performance.now() - began;
      child.once("exit", () => resolve(ms));
      child.kill("SIGKILL");
    });
  });
}
