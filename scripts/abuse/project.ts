// Files of this project, wherever it lies.
import { fileURLToPath } from "node:url";

export function projectFile(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}
