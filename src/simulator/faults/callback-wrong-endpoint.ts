// callback.wrong-endpoint: the report goes to an address or with a method that the system never offered.
import * as z from "zod";
import { defineFault } from "./fault.ts";

/** Where reports may have gone once. */
const OLD_PATH = "/old/callbacks";

export const callbackWrongEndpoint = defineFault({
  name: "callback.wrong-endpoint",
  point: "callback",
  question: "beyond-the-five",
  summary: "the report goes to an old path or with the wrong method",
  settings: z.strictObject({
    method: z.enum(["PUT", "PATCH", "DELETE", "GET"]).optional().describe("Instead of POST"),
    path: z
      .string()
      .regex(/^\/(?![/\\])[^\s?#]*$/, "expected a path that begins with one /, without a query")
      .optional()
      .describe(`On the same server; default ${OLD_PATH}, or the right path where a method is given`),
    believes: z
      .enum(["2xx", "anything"])
      .default("2xx")
      .describe(
        "What the partner takes for success; anything: a redirect or an error too, so it never tries again",
      ),
  }),
  onset: "delivery",
  deliver(deliveries, { method, path, believes }, context) {
    if (deliveries.length === 0) return deliveries;
    const target = path ?? (method === undefined ? OLD_PATH : undefined);
    return deliveries.map((delivery) => ({
      ...delivery,
      ...(method !== undefined && { method }),
      ...(target !== undefined && { path: target }),
      retried: delivery.retried && believes === "2xx",
      faults: [...delivery.faults, context.fault],
    }));
  },
});
