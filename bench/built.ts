// The measured part of the product, built as users run it: without the helpers that a loader of TypeScript puts around
// every function.
const file = new URL("./.built/partner.js", import.meta.url);

export function loadBuilt(): Promise<typeof import("./partner.ts")> {
  return import(file.href);
}

/** Once for a bench, and not in the process that is measured. */
export async function buildMeasured(): Promise<void> {
  const [{ build }, { BUNDLE }, { fileURLToPath }] = await Promise.all([
    import("esbuild"),
    import("../scripts/build/bundle.ts"),
    import("node:url"),
  ]);
  const { splitting, ...options } = BUNDLE;
  await build({
    ...options,
    entryPoints: [fileURLToPath(new URL("./partner.ts", import.meta.url))],
    outfile: fileURLToPath(file),
  });
}
