// The control API as a table: each row is a route, and a paragraph of the OpenAPI document.
import * as z from "zod";
import type { PartnerControl } from "./control.ts";
import type { FaultInput } from "./read-fault.ts";
import {
  armedFaultSchema,
  callbackFilterSchema,
  callbackSchema,
  historyFilterSchema,
  historyPageSchema,
  partnerSchema,
  settlementSchema,
  submissionFilterSchema,
  submissionSchema,
} from "./views.ts";

export interface Given {
  params: Readonly<Record<string, string>>;
  /** Parsed by `query`. */
  query: Record<string, unknown>;
  /** As it was sent; what `run` calls validates it. */
  body: unknown;
}

export interface Operation {
  id: string;
  method: "get" | "post" | "delete";
  /** `{id}` stands for one segment. */
  path: string;
  summary: string;
  query?: z.ZodObject;
  /** What the document says about the body: a schema, or `fault` for an entry of `faults:`. */
  body?: z.ZodType | "fault";
  /** Status of success, and what is answered. `events`: live, as server-sent events. `none`: nothing (204). */
  status: 200 | 201 | 204;
  answer: z.ZodType | "events" | "openapi" | "none";
  /** Refusals besides those that every operation has. */
  refuses: readonly (404 | 409 | 422)[];
  /** Not called for `events` and `openapi`, which are no business of the control's. */
  run(control: PartnerControl, given: Given): Promise<unknown>;
}

const idOf = ({ params }: Given) => params.id ?? "";

export const OPERATIONS: readonly Operation[] = [
  {
    id: "getHealth",
    method: "get",
    path: "/health",
    summary: "Answers while the partner runs, without a token",
    status: 200,
    answer: z.object({ status: z.literal("ok") }),
    refuses: [],
    run: async () => ({ status: "ok" }),
  },
  {
    id: "getPartner",
    method: "get",
    path: "/partner",
    summary: "The partner: its address, routes and outcomes, and whether it is quiet",
    status: 200,
    answer: partnerSchema,
    refuses: [],
    run: (control) => control.about(),
  },
  {
    id: "listFaults",
    method: "get",
    path: "/faults",
    summary: "The faults that are armed",
    status: 200,
    answer: z.object({ faults: z.array(armedFaultSchema) }),
    refuses: [],
    run: async (control) => ({ faults: await control.faults.list() }),
  },
  {
    id: "addFault",
    method: "post",
    path: "/faults",
    summary: "Arms a fault: an entry as in a scenario, and `ttl`",
    body: "fault",
    status: 201,
    answer: armedFaultSchema,
    refuses: [409, 422],
    run: (control, { body }) => control.faults.add(body as FaultInput),
  },
  {
    id: "healFaults",
    method: "delete",
    path: "/faults",
    summary: "Ends every fault; what was lost stays lost",
    status: 204,
    answer: "none",
    refuses: [],
    run: (control) => control.faults.heal(),
  },
  {
    id: "removeFault",
    method: "delete",
    path: "/faults/{id}",
    summary: "Ends one fault",
    status: 204,
    answer: "none",
    refuses: [404, 409],
    run: (control, given) => control.faults.remove(idOf(given)),
  },
  {
    id: "listSubmissions",
    method: "get",
    path: "/submissions",
    summary: "The ledger, in order of acceptance",
    query: submissionFilterSchema,
    status: 200,
    answer: z.object({ submissions: z.array(submissionSchema) }),
    refuses: [422],
    run: async (control, { query }) => ({ submissions: await control.submissions(query) }),
  },
  {
    id: "getSubmission",
    method: "get",
    path: "/submissions/{id}",
    summary: "One submission",
    status: 200,
    answer: submissionSchema,
    refuses: [404],
    run: (control, given) => control.submission(idOf(given)),
  },
  {
    id: "settleSubmission",
    method: "post",
    path: "/submissions/{id}/settle",
    summary: "Decides it now, and reports it as the contract says",
    body: settlementSchema,
    status: 200,
    answer: submissionSchema,
    refuses: [404, 409, 422],
    run: (control, given) => control.settle(idOf(given), given.body as z.output<typeof settlementSchema>),
  },
  {
    id: "stickSubmission",
    method: "post",
    path: "/submissions/{id}/stick",
    summary: "Leaves it in process until it is settled or lost by hand",
    status: 200,
    answer: submissionSchema,
    refuses: [404, 409],
    run: (control, given) => control.stick(idOf(given)),
  },
  {
    id: "loseSubmission",
    method: "post",
    path: "/submissions/{id}/lose",
    summary: "Makes the partner forget it: status requests get 404",
    status: 200,
    answer: submissionSchema,
    refuses: [404, 409],
    run: (control, given) => control.lose(idOf(given)),
  },
  {
    id: "redeliverCallback",
    method: "post",
    path: "/submissions/{id}/redeliver",
    summary: "Reports its result once more, with the same event id",
    status: 204,
    answer: "none",
    refuses: [404, 409],
    run: (control, given) => control.redeliver(idOf(given)),
  },
  {
    id: "listCallbacks",
    method: "get",
    path: "/callbacks",
    summary: "The newest thousand reports, in the order in which they were scheduled",
    query: callbackFilterSchema,
    status: 200,
    answer: z.object({ callbacks: z.array(callbackSchema) }),
    refuses: [422],
    run: async (control, { query }) => ({ callbacks: await control.callbacks(query) }),
  },
  {
    id: "getHistory",
    method: "get",
    path: "/history",
    summary: "A page of what happened; the newest ten thousand events are held",
    query: historyFilterSchema,
    status: 200,
    answer: historyPageSchema,
    refuses: [422],
    run: (control, { query }) => control.history(query),
  },
  {
    id: "followHistory",
    method: "get",
    path: "/history/live",
    summary: "What happens, as it happens; resumes after Last-Event-ID or `after`",
    query: z.strictObject({ after: z.coerce.number().int().min(0).optional() }),
    status: 200,
    answer: "events",
    refuses: [422],
    run: async () => undefined,
  },
  {
    id: "reset",
    method: "post",
    path: "/reset",
    summary: "Forgets ledger, idempotency keys and history, and ends every fault",
    status: 204,
    answer: "none",
    refuses: [],
    run: (control) => control.reset(),
  },
  {
    id: "getOpenApi",
    method: "get",
    path: "/openapi.json",
    summary: "This document",
    status: 200,
    answer: "openapi",
    refuses: [],
    run: async () => undefined,
  },
];

/** `/faults/{id}` → `/faults/:id`, as the router writes it. */
export function routeOf({ path }: Operation): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
