// What the partner is measured against: node:http and an undici Pool that do the same, with no ledger, plan or history.
import { createHmac, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Pool } from "undici";

export async function startRawPartner(delayMs: number): Promise<{ url: string; close: () => void }> {
  const pools = new Map<string, Pool>();
  const key = Buffer.alloc(32, 1);

  async function callBack(target: string, reference: string, id: string): Promise<void> {
    const { origin, pathname } = new URL(target);
    const pool = pools.get(origin) ?? new Pool(origin, { connections: 256 });
    pools.set(origin, pool);
    const body = JSON.stringify({ id, type: "claim.settled", reference, outcome: "approved" });
    const seconds = Math.floor(Date.now() / 1_000);
    const signature = createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64");
    const headers = {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(seconds),
      "webhook-signature": `v1,${signature}`,
    };
    const answer = await pool.request({ method: "POST", path: pathname, headers, body });
    await answer.body.dump();
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const { reference, callbackUrl } = JSON.parse(Buffer.concat(parts).toString());
      const id = randomUUID();
      response.writeHead(202, { "content-type": "application/json" });
      response.end(JSON.stringify({ id, status: "accepted" }));
      setTimeout(() => void callBack(callbackUrl, reference, id), delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
      for (const pool of pools.values()) void pool.destroy();
    },
  };
}
