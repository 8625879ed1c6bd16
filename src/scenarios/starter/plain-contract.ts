// The contract of a starter that begins without a document: small, and with everything that is usually asked for.
import type { Sample } from "../openapi/import.ts";

export const PLAIN_CONTRACT = {
  name: "Sample partner",
  auth: { bearer: "sample-test-token" },
  submit: {
    post: "/v1/orders",
    key: "body.reference",
    idempotency: { header: "idempotency-key" },
    reply: { status: 202, json: { id: "{{ submission.id }}", status: "accepted" } },
  },
  process: { takes: "100ms..400ms", outcomes: { approved: "90%", denied: "10%" }, promises: "2s" },
  status: {
    get: "/v1/orders/:id",
    reply: {
      status: 200,
      json: {
        id: "{{ submission.id }}",
        status: "{{ submission.state }}",
        outcome: "{{ submission.outcome }}",
      },
    },
  },
  callback: {
    to: "body.callbackUrl",
    json: {
      id: "{{ delivery.id }}",
      reference: "{{ submission.key }}",
      outcome: "{{ submission.outcome }}",
      decidedAt: "{{ submission.decidedAt }}",
    },
    sign: { scheme: "standard-webhooks" },
  },
};

export const PLAIN_SAMPLE: Sample = {
  body: { reference: "ORD-1", callbackUrl: "http://127.0.0.1:9/webhooks/partner" },
  isForm: false,
  key: { kind: "body", path: ["reference"] },
  callback: { kind: "body", path: ["callbackUrl"], hasMore: false },
};
