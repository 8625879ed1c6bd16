// The plain values that flow through the partner. A fault maps an honest value to a dishonest one; the wire performs it.
import type { Content, Mutant, Signature } from "../history/event.ts";
import type { Stage } from "./contract/stages.ts";
import type { SigningScheme } from "./signing/sign.ts";

/** What is answered to one request, and how it goes over the wire. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
  /** Wait before the first byte, in milliseconds. */
  delayMs: number;
  /** Bytes per second; absent: at once. */
  bytesPerSecond?: number;
  /** After how many bytes of the body it breaks off; absent: whole. */
  keepBytes?: number;
  /** `complete`; RST; FIN without (the rest of) a reply; nothing more, ever. With no `keepBytes` a broken ending sends nothing. */
  ending: "complete" | "reset" | "close" | "hang";
  /** The outcome that a reader can still find in a body that was changed; null when none. Absent: as it was rendered. */
  claims?: string | null;
}

/** What becomes of an accepted submission. */
export interface Processing {
  /** Milliseconds from acceptance to the decision; Infinity: never. */
  takesMs: number;
  /** `decide`: settles with `outcome`; `reject`: refused after acceptance; `lose`: it disappears from the ledger's public face. */
  ending: "decide" | "reject" | "lose";
  outcome: string;
  /** The stages before the last, in milliseconds from acceptance, ascending; absent for a contract without stages. */
  stages?: readonly { stage: Stage; atMs: number }[];
  reason?: string;
  /** A resubmission with the same key restarts it (processing.stuck clears: on-resubmit). */
  clearsOnResubmit?: boolean;
  /** Another outcome that supersedes the first, in milliseconds after the first decision. */
  correction?: { afterMs: number; outcome: string };
}

export type DeliveryMethod = "POST" | "PUT" | "PATCH" | "DELETE" | "GET";

/** One report of a result, to be tried until it is acknowledged or the contract's retries are used up. */
export interface Delivery {
  /** Milliseconds after the honest delivery was due. */
  afterMs: number;
  /** What the receiver sees as the event's id (`delivery.id`); kept over retries. */
  event: string;
  /** The outcome that its payload states; null for a stage before the last: there is none yet. */
  outcome: string | null;
  /** Absent for a contract without stages. */
  stage?: Stage;
  signature: Signature;
  /** True when the signature covers a timestamp, so that it can be too old. */
  timestamped: boolean;
  /** With signature `stale`: how old its timestamp is, in milliseconds. */
  ageMs?: number;
  content: Content;
  /** Whose reference (and id) the payload carries instead of its own. */
  names?: { key: string; id?: string };
  /** True: the bytes and headers of the first try under this event id, as they were captured. */
  replays?: true;
  /** Default POST. */
  method?: DeliveryMethod;
  /** Goes to this path of the endpoint's server instead of the endpoint's own. */
  path?: string;
  /** Deliveries with the same number go out at the same moment, on separate connections. */
  together?: number;
  /** False: one attempt only, whatever the contract says about retries. */
  retried: boolean;
  /** Indexes of the faults that shaped it. */
  faults: number[];
}

/** Which secrets sign a genuine delivery. */
export interface Signing {
  scheme: SigningScheme;
  /** The one in force, the one that follows it, or both side by side. */
  secrets: "current" | "next" | "both";
}

/** What the partner does about a delivery that was refused or not answered. */
export interface Retry {
  /** Milliseconds until it is tried again; undefined: never. */
  waitMs: number | undefined;
  /** False: the partner switches the endpoint off, for every report to it. */
  keepsEndpoint: boolean;
}

/** A rendered callback body, before it is signed. */
export interface Payload {
  body: Uint8Array;
  contentType: string;
  headers: Record<string, string>;
  content: Content;
  /** The outcome that a reader can still find in it; null when it is unreadable. */
  claims: string | null;
  mutation?: string;
  field?: string;
  /** Everything that the fault could have made of it, what it did make among it. */
  mutants?: readonly Mutant[];
  /** JSON Schema that the contract promises for the body, if it gives one. */
  schema?: unknown;
}
