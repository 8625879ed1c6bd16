// What a fault is: settings and one function from the honest value to the dishonest one. One file each, listed in index.ts.
import type { z } from "zod";
import type { OnsetRule } from "../../history/header.ts";
import type { Stage } from "../contract/stages.ts";
import type { Submission } from "../ledger.ts";
import type { Delivery, Payload, Processing, Reply, Retry, Signing } from "../pipeline-values.ts";
import type { Quota, Ration } from "../plan/token-bucket.ts";

/** Faults at `system` and `alerts` are performed by the runner; a partner by itself cannot. */
export type FaultPoint =
  | "connection"
  | "submit"
  | "credentials"
  | "processing"
  | "callback"
  | "payload"
  | "status"
  | "system"
  | "alerts";

/** Such a fault needs a system or an alert inbox; a partner by itself never meets it. */
export function isPerformedByRunner(point: FaultPoint): boolean {
  return point === "system" || point === "alerts";
}

/** The question that it belongs to; also the folder of its scenarios. */
export type Question =
  | "unavailable"
  | "cannot-process"
  | "never-reports"
  | "unexpected-format"
  | "same-result-twice"
  | "beyond-the-five";

/** What a fault's function may know besides the value: keyed dice and the transaction. */
export interface FaultContext {
  key: string;
  ordinal: number;
  /** 1-based, at this point. */
  attempt: number;
  /** Index of the fault use in the schedule. */
  fault: number;
  /** A keyed choice in [0, 1): same seed, scenario, fault, transaction, attempt and purpose, same number. */
  choose(purpose: string): number;
  /** For what is dealt out over transactions, each another one; absent: by ordinal. */
  dealing?: Dealing;
  /** Every outcome that the contract knows. */
  outcomes: readonly string[];
  /** Milliseconds since the faults were armed. */
  sinceArmedMs?: number;
  promisesMs: number;
  /** Names of the contract's stages in order; absent without any. */
  stages?: readonly string[];
  /** The stage that is being reported, at the points callback and payload; absent without stages. */
  reports?: Stage;
  /** Milliseconds until the result is decided, where an earlier stage is reported; Infinity: never. */
  decidedInMs?: number;
  /** True while the reply to the submission waits for the result to be reported. */
  isReplyHeld?: boolean;
  /** Wall time of the decision, in Unix milliseconds; absent where none is needed (dates in headers need it). */
  wallMs?: number;
  /** When the window that it is in began, in milliseconds on the run's clock. */
  inForceSinceMs?: number;
  /** What the fault's quota says to this request; absent for a fault without one. */
  ration?: Ration;
  /** Failed attempts at the endpoint since this fault was armed; only after one of them. */
  failures?: number;
  /** Another transaction's submission, for reports that are mixed up; absent where none can be. */
  other?(): OtherSubmission | undefined;
}

/** A real submission of another transaction, with the outcome that it has or will have. */
export interface OtherSubmission {
  key: string;
  outcome: string;
}

export interface Dealing {
  /** 0-based position of the transaction among those that the fault is meant for. */
  rank: number;
  /** A keyed choice in [0, 1) that is the same for every transaction and attempt: seed, scenario, fault and purpose. */
  choose(purpose: string): number;
}

interface FaultBase<Schema extends z.ZodObject> {
  /** `<point>.<kind>`: the name in YAML, in the file name, in docs. */
  name: string;
  question: Question;
  /** One line: what the system meets. */
  summary: string;
  /** Settings that stand beside `fault:`; durations by durationSchema or delaySchema. */
  settings: Schema;
  onset: OnsetRule;
  /** False (or a function of the settings) when no transaction can be spared. Default true. */
  spares?(settings: z.output<Schema>): boolean;
  /** Whether `on` says anything: whom it hits, or whose event is its moment. Default: where somebody is spared. */
  targets?(settings: z.output<Schema>): boolean;
  /** True when it is over by itself for a transaction. Default false. */
  selfHealing?: boolean;
  /** The same where it depends on the settings. */
  healsItself?(settings: z.output<Schema>): boolean;
  /** True when it concerns every stage that a contract reports; default: the result alone, unless `stage` says otherwise. */
  everyStage?: boolean;
  /** Requests that it selects share this quota; how much of it was left is handed to its functions. */
  quota?(settings: z.output<Schema>): Quota;
  /** True when the partner has to speak https from the beginning. */
  needsTls?: boolean;
}

/** What is wrong with a certificate: its time is over, nobody trusts who signed it, or it names another host. */
export type BadCertificate = "expired" | "untrusted" | "wrong-host";

/**
 * What happens to connections: refused (nothing listens), reset on accept, met with a bad certificate, or, after the
 * request was read, reset or held.
 */
export type ConnectionBreak =
  | { kind: "refused" }
  | { kind: "reset-on-accept" }
  | { kind: `tls-${BadCertificate}` }
  | { kind: "reset" }
  | { kind: "hang" };

/** Why good credentials are refused: 401 and 403. */
export type LockOut = "expired" | "revoked";

/** What a status request finds; a fault may show another submission than the ledger's, or none. */
export type StatusView = { kind: "known"; submission: Readonly<Submission> } | { kind: "unknown" };

/** What is done to the system's own process, and when. */
export interface SystemStrike {
  /** The partner accepted a submission; the system acknowledged a report; milliseconds since the fault phase began. */
  moment: { kind: "accepted" } | { kind: "acknowledged" } | { kind: "time"; atMs: number };
  action: { kind: "crash"; restartAfterMs: number } | { kind: "pause"; forMs: number };
}

/** What is wrong with an alert service; its protocol decides the words. */
export type AlertTrouble =
  /** `status` is HTTP's; a mail server says it in its own code. */
  | { kind: "unavailable"; status: number; retryAfterMs?: number }
  | { kind: "throttled"; retryAfterMs: number }
  /** For good: asking again does not help. */
  | { kind: "refused" };

/**
 * Functions are declared as methods so that faults with different settings fit into one record.
 * A function that hands back the very value it was given did not fire.
 */
export type Fault<Schema extends z.ZodObject = z.ZodObject> = FaultBase<Schema> &
  (
    | {
        point: "connection";
        breaks?(settings: z.output<Schema>): ConnectionBreak;
        /** How the reply to a request of any kind is changed. */
        reply?(reply: Reply, settings: z.output<Schema>, context: FaultContext): Reply;
      }
    | {
        point: "submit";
        /** False: the ledger never sees it, and `reply` gets a bare 503. Default true. */
        accepts?(settings: z.output<Schema>, context: FaultContext): boolean;
        reply(reply: Reply, settings: z.output<Schema>, context: FaultContext): Reply;
        /** What every reply says while the fault is armed, such as RateLimit headers; to say it is no firing. */
        announces?(reply: Reply, settings: z.output<Schema>, context: FaultContext): Reply;
      }
    | {
        point: "credentials";
        /** Why a request is turned away whose credentials are good; `issuedMs` of its token, on the run's clock. Undefined: let in. */
        lockOut?(
          presented: { issuedMs?: number },
          settings: z.output<Schema>,
          context: FaultContext,
        ): LockOut | undefined;
        /** Which secrets sign a genuine delivery. */
        rotate?(signing: Signing, settings: z.output<Schema>, context: FaultContext): Signing;
      }
    | {
        point: "processing";
        process(processing: Processing, settings: z.output<Schema>, context: FaultContext): Processing;
      }
    | {
        point: "callback";
        /** The reply to a submission waits, this many milliseconds at most, until its result was reported. */
        holdsReply?(settings: z.output<Schema>): number;
        /** What is delivered of a decision, and when. */
        deliver?(deliveries: Delivery[], settings: z.output<Schema>, context: FaultContext): Delivery[];
        /** What follows a delivery that was refused or not answered. */
        retry?(retry: Retry, settings: z.output<Schema>, context: FaultContext): Retry;
      }
    | {
        point: "payload";
        /** Undefined: not applicable to this payload, so it does not fire. */
        mutate(payload: Payload, settings: z.output<Schema>, context: FaultContext): Payload | undefined;
      }
    | {
        point: "status";
        /** What is found, before the reply is rendered from it. */
        view?(view: StatusView, settings: z.output<Schema>, context: FaultContext): StatusView;
        /** How the rendered reply is changed. */
        reply?(reply: Reply, settings: z.output<Schema>, context: FaultContext): Reply;
        /** As for submissions. */
        announces?(reply: Reply, settings: z.output<Schema>, context: FaultContext): Reply;
      }
    | { point: "system"; strikes(settings: z.output<Schema>): SystemStrike }
    | {
        point: "alerts";
        /** Whether the channel is meant; `position` counts from 0 in the order of neverfails.yaml. */
        reaches(channel: { name: string; position: number }, settings: z.output<Schema>): boolean;
        troubles(settings: z.output<Schema>): AlertTrouble;
      }
  );

/** Keeps the settings' type tied to the functions. */
export function defineFault<const Schema extends z.ZodObject>(fault: Fault<Schema>): Fault<Schema> {
  return fault;
}
