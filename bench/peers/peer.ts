// A peer: another tool that can play a partner, set up to do the same work.
import type { Work } from "../work.ts";

export interface Peer {
  name: string;
  /** A command that must be on the machine. */
  needs?: string;
  /** Writes what it needs into the folder and says how it is started. */
  start(port: number, work: Work, folder: string): { command: string; args: string[] };
}
