// Malformed requests and files against a served partner: a tenth of what `npm run abuse` plays.
import { expect, it } from "vitest";
import { play } from "../../scripts/abuse/play.ts";

it("answers or closes every malformed request in time, and goes on as if nothing had been", async () => {
  const { rows, wrong } = await play({ seed: "e2e", scale: 0.1 });
  expect(wrong).toEqual([]);
  expect(rows.reduce((sum, { sent }) => sum + sent, 0)).toBeGreaterThan(200);
});
