// The status desk: what the partner says about a submission when it is asked.
import type { HistoryLog } from "../../history/history.ts";
import { whenReady } from "../../lib/template.ts";
import type { StatusView } from "../faults/fault.ts";
import type { LedgerBook, Submission } from "../ledger.ts";
import type { Reply } from "../pipeline-values.ts";
import type { ActiveFault, Plan } from "../plan/plan.ts";
import type { TurnAway } from "./admit.ts";
import { type CompiledContract, renderSafely } from "./compile.ts";
import { type Answer, brokenReply, type Desk, type Request } from "./exchange.ts";
import { problemReply } from "./problem-details.ts";
import { connectionBreak, faultsOf, shapeStatusReply, shapeStatusView } from "./shaping.ts";
import type { Tally } from "./tallies.ts";

export interface StatusDeskOptions {
  compiled: CompiledContract;
  turnAway: TurnAway;
  history: HistoryLog;
  ledger: LedgerBook;
  tallyOf: (key: string) => Tally;
  plan: () => Plan | undefined;
}

const NONE: readonly ActiveFault[] = [];

export function createStatusDesk({
  compiled,
  turnAway,
  history,
  ledger,
  tallyOf,
  plan,
}: StatusDeskOptions): Desk {
  let requests = 0;

  return (request) => {
    const submission = ledger.byId(request.params.id ?? "");
    // An id that was never given out belongs to no transaction, so nothing about it can be judged.
    if (!submission) {
      const met = compiled.doorkeeper.authenticate(request.headers);
      return { reply: met.ok ? unknownSubmission() : met.refusal };
    }
    return visit(request, submission, tallyOf(submission.key));
  };

  function visit(request: Request, submission: Submission, tally: Tally): Answer | Promise<Answer> {
    tally.requests += 1;
    tally.polls += 1;
    requests += 1;
    const { key, polls: attempt } = tally;
    const about = { key, attempt, request: `q${requests}`, submission: submission.id };
    const armed = plan();
    const broken = connectionBreak(armed?.at("connection", submission, tally.requests) ?? NONE);
    history.append({
      source: "partner",
      kind: "status.asked",
      ...about,
      ...(broken && { faults: [broken.by.index] }),
    });
    if (broken) {
      armed?.fired(broken.by);
      return { reply: brokenReply(broken.kind) };
    }
    const { headers } = request;
    const entrance = { headers, plan: armed, subject: submission, attempt: tally.requests };
    const turnedAway = turnAway(entrance);
    if (turnedAway) {
      const { reply, by } = turnedAway;
      return { reply, onReplied: () => replied(reply.status, undefined, by) };
    }

    const active = armed?.at("status", submission, attempt) ?? NONE;
    const view = shapeStatusView(viewOf(submission), active);
    return whenReady(render(view.value, request), (rendered) => {
      const { value: reply, by } = shapeStatusReply(rendered as Reply, active);
      const shapers = [...view.by, ...by];
      for (const use of shapers) armed?.fired(use);
      // Noted now: a slow reply tells what was true when it was rendered.
      const told =
        by.length === 0 && view.value.kind === "known" ? whatIsTold(view.value.submission) : undefined;
      return { reply, onReplied: () => replied(reply.status, told, shapers) };
    }) as Answer | Promise<Answer>;

    function replied(status: number, told: Told | undefined, by: readonly ActiveFault[]): void {
      history.append({
        source: "partner",
        kind: "status.replied",
        ...about,
        status,
        ...told,
        ...faultsOf(by),
      });
    }
  }

  function render(view: StatusView, { params }: Request): Reply | Promise<Reply> {
    if (view.kind === "unknown") return unknownSubmission();
    const { submission } = view;
    return renderSafely(compiled.renderStatusReply, { submission, params }, submission.key);
  }
}

type Told = Pick<Submission, "state" | "outcome">;

function whatIsTold({ state, outcome }: Readonly<Submission>): Told {
  return { state, outcome };
}

/** What was lost is as unknown to the partner as what never came. */
function viewOf(submission: Submission): StatusView {
  return submission.state === "lost" ? { kind: "unknown" } : { kind: "known", submission };
}

function unknownSubmission(): Reply {
  return problemReply(404, "There is no submission with this id.");
}
