// The OpenAPI 3.1 document of the control API, made from its table of operations.
import * as z from "zod";
import { packageVersion } from "../../lib/package-info.ts";
import { faultUseSchema } from "../faults/index.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import {
  armedFaultSchema,
  callbackSchema,
  eventSchema,
  historyPageSchema,
  submissionSchema,
} from "./views.ts";

type Json = Record<string, unknown>;

const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z
    .array(z.object({ path: z.string(), message: z.string(), hint: z.string().optional() }))
    .optional(),
});

/** Schemas that have a name of their own in the document. */
const NAMED: Readonly<Record<string, z.ZodType>> = {
  Submission: submissionSchema,
  ArmedFault: armedFaultSchema,
  Callback: callbackSchema,
  Event: eventSchema,
  HistoryPage: historyPageSchema,
  Problem: problemSchema,
};

const REASONS: Record<number, string> = {
  400: "The request is malformed",
  401: "The bearer token is missing or wrong",
  403: "The request comes from another site, or names another host",
  404: "There is no such thing",
  409: "Not possible in this state",
  413: "The body is too large",
  415: "The body is no application/json",
  422: "The request is not valid; `errors` says what is wrong",
};

export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "neverfails control API",
      version: packageVersion,
      summary: "Look into a running fake partner, and make it misbehave.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{}, { bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "Asked for where the API listens beyond loopback, or a token was given",
        },
      },
      schemas: {
        ...Object.fromEntries(Object.entries(NAMED).map(([name, schema]) => [name, jsonSchema(schema)])),
        Fault: faultJsonSchema(),
      },
    },
  };
}

function describe(operation: Operation): Json {
  const { id, method, path, summary, query, body, status, answer, refuses } = operation;
  const refusals = [400, 401, 403, ...(method === "post" ? [413, 415] : []), ...refuses];
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
    })),
    ...(query ? queryParameters(query) : []),
    ...(answer === "events"
      ? [{ name: "Last-Event-ID", in: "header", required: false, schema: { type: "string" } }]
      : []),
  ];
  return {
    operationId: id,
    summary,
    ...(path === "/health" && { security: [{}] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: { "application/json": { schema: bodySchema(body) } } },
    }),
    responses: {
      [status]: success(answer),
      ...Object.fromEntries(refusals.map((code) => [code, refusal(code)])),
    },
  };
}

function success(answer: Operation["answer"]): Json {
  switch (answer) {
    case "none":
      return { description: "Done" };
    case "openapi":
      return { description: "OpenAPI 3.1", content: { "application/json": { schema: { type: "object" } } } };
    case "events":
      return {
        description:
          "Server-sent events: `id` is the event's `seq`, `data` the event (see Event). A last event of type `end` says why it is over.",
        content: { "text/event-stream": { schema: { type: "string" } } },
      };
    default:
      return { description: "Done", content: { "application/json": { schema: named(answer) } } };
  }
}

function refusal(status: number): Json {
  const schema = { $ref: "#/components/schemas/Problem" };
  return { description: REASONS[status], content: { "application/problem+json": { schema } } };
}

function queryParameters(query: z.ZodObject): Json[] {
  const { properties = {}, required = [] } = jsonSchema(query) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    required: required.includes(name) && schema.default === undefined,
    ...(description !== undefined && { description }),
    schema,
  }));
}

function bodySchema(body: z.ZodType | "fault"): Json {
  return body === "fault" ? { $ref: "#/components/schemas/Fault" } : named(body);
}

function named(schema: z.ZodType): Json {
  const name = Object.entries(NAMED).find(([, known]) => known === schema)?.[0];
  return name ? { $ref: `#/components/schemas/${name}` } : jsonSchema(schema);
}

function jsonSchema(schema: z.ZodType, io: "input" | "output" = "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}

/** An entry of `faults:`, each of them with `ttl` besides. */
function faultJsonSchema(): Json {
  const { oneOf = [] } = jsonSchema(faultUseSchema, "input") as { oneOf?: Json[] };
  const ttl = { type: "string", description: "Time to live, such as 30s: removed by itself after that" };
  return {
    oneOf: oneOf.map((member) => ({
      ...member,
      properties: { ...(member.properties as Json), ttl },
    })),
  };
}
