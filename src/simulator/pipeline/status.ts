// The status desk: what the partner says about a submission when it is asked.
import type { HistoryLog } from "../../history/history.ts";
import type { Clock } from "../../lib/clock.ts";
import { whenReady } from "../../lib/template.ts";
import type { StatusView } from "../faults/fault.ts";
import type { LedgerBook, Submission } from "../ledger.ts";
import type { Reply } from "../pipeline-values.ts";
import type { ActiveFault, Plan } from "../plan/plan.ts";
import type { TurnAway } from "./admit.ts";
import { type CompiledContract, renderSafely } from "./compile.ts";
import { type Answer, brokenReply, type Desk, type Request } from "./exchange.ts";
import { problemReply } from "./problem-details.ts";
import { retryAfterMs } from "./retry-after.ts";
import {
  connectionBreak,
  faultsOf,
  shapeConnectionReply,
  shapeStatusReply,
  shapeStatusView,
} from "./shaping.ts";
import type { Tally } from "./tallies.ts";

export interface StatusDeskOptions {
  compiled: CompiledContract;
  turnAway: TurnAway;
  clock: Clock;
  history: HistoryLog;
  ledger: LedgerBook;
  tallyOf: (key: string) => Tally;
  plan: () => Plan | undefined;
}

const NONE: readonly ActiveFault[] = [];

export function createStatusDesk({
  compiled,
  turnAway,
  clock,
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
    const connection = armed?.at("connection", submission, tally.requests) ?? NONE;
    const broken = connectionBreak(connection);
    history.append({
      source: "partner",
      kind: "status.asked",
      ...about,
      ...(broken && { faults: [broken.by.index] }),
      ...(request.badCertificate !== undefined && { badCertificate: request.badCertificate }),
    });
    if (broken) {
      armed?.fired(broken.by);
      return { reply: brokenReply(broken.kind), onAborted: aborted([broken.by]) };
    }
    const { headers } = request;
    const entrance = { headers, plan: armed, subject: submission, attempt: tally.requests };
    const turnedAway = turnAway(entrance);
    if (turnedAway) return answer(turnedAway.reply, undefined, turnedAway.by);

    const active = armed?.at("status", submission, attempt) ?? NONE;
    const view = shapeStatusView(viewOf(submission), active);
    return whenReady(render(view.value, request), (rendered) => {
      const honest = rendered as Reply;
      const { value: reply, by } = shapeStatusReply(honest, active);
      // Noted now: a slow reply tells what was true when it was rendered.
      return answer(reply, whatIsTold(view.value, honest, reply), [...view.by, ...by]);
    }) as Answer | Promise<Answer>;

    function answer(said: Reply, told: Told | undefined, shapers: readonly ActiveFault[]): Answer {
      const { value: reply, by } = shapeConnectionReply(said, connection);
      const all = by.length === 0 ? shapers : [...by, ...shapers];
      for (const use of all) armed?.fired(use);
      return { reply, onReplied: () => replied(reply, told, all), onAborted: aborted(all) };
    }

    function aborted(shapers: readonly ActiveFault[]): NonNullable<Answer["onAborted"]> {
      return (by, reason) =>
        history.append({
          source: "partner",
          kind: "status.aborted",
          ...about,
          by,
          reason,
          ...faultsOf(shapers),
        });
    }

    function replied({ status, headers }: Reply, told: Told | undefined, by: readonly ActiveFault[]): void {
      const wait = retryAfterMs(headers["retry-after"], clock);
      history.append({
        source: "partner",
        kind: "status.replied",
        ...about,
        status,
        ...told,
        ...(wait !== undefined && { retryAfterMs: wait }),
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

type Told = Partial<Pick<Submission, "state" | "outcome">>;

/** What a reader learns from the reply: what was found; of a changed body what can still be read in it. */
function whatIsTold(view: StatusView, honest: Reply, said: Reply): Told | undefined {
  if (view.kind === "unknown" || said.status !== honest.status) return undefined;
  const { state, outcome } = view.submission;
  if (said.body === honest.body) return { state, outcome };
  return typeof said.claims === "string" ? { outcome: said.claims } : undefined;
}

/** What was lost is as unknown to the partner as what never came. */
function viewOf(submission: Submission): StatusView {
  return submission.state === "lost" ? { kind: "unknown" } : { kind: "known", submission };
}

function unknownSubmission(): Reply {
  return problemReply(404, "There is no submission with this id.");
}
