// Slack and PagerDuty for the tests of the examples: takes every message and keeps it.
import { createServer } from "node:http";
import { close, listen, readBody } from "./loopback.ts";

export interface PagerDutyEvent {
  routing_key: string;
  event_action: string;
  dedup_key: string;
  payload: { summary: string; severity: string };
}

export async function startInbox() {
  const slack: string[] = [];
  const pagerDuty: PagerDutyEvent[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse((await readBody(request)).toString());
    if (request.url === "/slack") {
      slack.push(body.text);
      response.end("ok");
    } else {
      pagerDuty.push(body);
      response.writeHead(202).end("{}");
    }
  });
  const url = await listen(server);
  return {
    slackUrl: `${url}/slack`,
    pagerDutyUrl: `${url}/v2/enqueue`,
    slack,
    pagerDuty,
    /** True when some message in Slack and some page name the claim. */
    names: (claim: string) =>
      slack.some((text) => text.includes(claim)) &&
      pagerDuty.some(({ payload }) => payload.summary.includes(claim)),
    async [Symbol.asyncDispose]() {
      await close(server);
    },
  };
}
