// The certificates of a partner that speaks https: a good one, and one for each way in which it can be wrong.
import type { BadCertificate } from "../faults/fault.ts";

/** PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

export interface Certificates {
  /** PEM of the authority that a client has to trust. */
  ca: string;
  good: Certificate;
  bad: Readonly<Record<BadCertificate, Certificate>>;
}

const DAY_MS = 86_400_000;
/** Days from today. It begins yesterday, because clocks differ. */
const VALID = [-1, 365] as const;
const EXPIRED = [-30, -1] as const;
const OWN_NAMES = [
  { type: 2, value: "localhost" },
  { type: 7, ip: "127.0.0.1" },
  { type: 7, ip: "::1" },
] as const;
const OTHER_NAMES = [{ type: 2, value: "another-partner.test" }] as const;

let made: Promise<Certificates> | undefined;

/** Made once in a process, so that a system that is told the authority once trusts every partner of a run. */
export function certificates(): Promise<Certificates> {
  made ??= make();
  return made;
}

async function make(): Promise<Certificates> {
  const [own, stranger] = await Promise.all([
    authority("neverfails test authority"),
    authority("An authority that nobody knows"),
  ]);
  const [good, expired, untrusted, wrongHost] = await Promise.all([
    issue(own, OWN_NAMES, VALID),
    issue(own, OWN_NAMES, EXPIRED),
    issue(stranger, OWN_NAMES, VALID),
    issue(own, OTHER_NAMES, VALID),
  ]);
  return { ca: own.cert, good, bad: { expired, untrusted, "wrong-host": wrongHost } };
}

function authority(commonName: string): Promise<Certificate> {
  return generate(commonName, VALID, {
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
}

function issue(
  ca: Certificate,
  names: typeof OWN_NAMES | typeof OTHER_NAMES,
  days: readonly [from: number, to: number],
): Promise<Certificate> {
  return generate(names[0].value, days, {
    ca,
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      // Clients look at these names only, not at the common name (RFC 9525, 2).
      { name: "subjectAltName", altNames: [...names] },
    ],
  });
}

type Options = NonNullable<Parameters<typeof import("selfsigned").generate>[1]>;

async function generate(
  commonName: string,
  [from, to]: readonly [number, number],
  options: Pick<Options, "ca" | "extensions">,
): Promise<Certificate> {
  // Loaded here: it takes longer to load than the whole partner, and few partners speak https.
  const { default: selfsigned } = await import("selfsigned");
  const now = Date.now();
  const { private: key, cert } = await selfsigned.generate([{ name: "commonName", value: commonName }], {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: new Date(now + from * DAY_MS),
    notAfterDate: new Date(now + to * DAY_MS),
    ...options,
  });
  return { key, cert };
}
