// `neverfails init`: the files that a project begins with, from an OpenAPI document or from nothing.
import { relative, sep } from "node:path";
import type { Result } from "../../lib/problem.ts";
import type { Assumption } from "../openapi/assumption.ts";
import { importFile } from "../openapi/import.ts";
import { blueprintOf } from "./blueprint.ts";
import { configFile } from "./config-file.ts";
import { partnerFile } from "./partner-file.ts";
import { PLAIN_CONTRACT, PLAIN_SAMPLE } from "./plain-contract.ts";
import { scenarioFiles } from "./scenario-files.ts";
import { serverFile } from "./server-file.ts";

export interface StarterOptions {
  /** Absolute path of the folder that the files go to. */
  dir: string;
  /** Absolute path of the document; undefined: a small contract of our own. */
  openapi: string | undefined;
  /** The operation that is the submission, where the document leaves a choice. */
  submit: string | undefined;
  key: string | undefined;
}

export interface Starter {
  /** Name below the folder → text. */
  files: Record<string, string>;
  assumptions: readonly Assumption[];
}

export async function makeStarter({ dir, openapi, submit, key }: StarterOptions): Promise<Result<Starter>> {
  const imported = openapi === undefined ? undefined : await importFile(openapi, { submit, key });
  if (imported && !imported.ok) return imported;
  const { contract, assumptions, sample } = imported?.value ?? {
    contract: PLAIN_CONTRACT,
    assumptions: [],
    sample: PLAIN_SAMPLE,
  };
  const blueprint = await blueprintOf(contract, sample);
  const link = openapi === undefined ? undefined : relative(dir, openapi).split(sep).join("/");
  return {
    ok: true,
    value: {
      assumptions,
      files: {
        "neverfails.yaml": configFile(blueprint, "sample-service"),
        "partner.yaml": partnerFile({ contract, assumptions, openapi: link, submitOperation: submit }),
        "server.mjs": serverFile(blueprint),
        ...scenarioFiles(blueprint),
      },
    },
  };
}
