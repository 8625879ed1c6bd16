// Where the installed package lives and which version it is.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Absolute path of the package's root folder: holds scenarios/, schemas/, examples/. */
export const packageRoot = fileURLToPath(new URL("../..", import.meta.url));

export const packageVersion: string = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
).version;
