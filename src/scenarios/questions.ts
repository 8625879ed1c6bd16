// The questions that every report answers (docs: product), and the folders of the scenarios that ask them.

/** Folder of scenarios → the question that its scenarios ask. */
export const QUESTIONS = {
  unavailable: "What happens if the partner is unavailable?",
  "cannot-process": "What happens if it accepts the request but cannot process it?",
  "never-reports": "What happens if it never reports the result?",
  "unexpected-format": "What happens if it reports the result in an unexpected format?",
  "same-result-twice": "What happens if it sends the same result twice?",
  "beyond-the-five": "Beyond the five questions",
} as const;

/** The heading for a folder; the folder's own name when it is none of ours. */
export function headingOf(folder: string): string {
  return Object.hasOwn(QUESTIONS, folder) ? QUESTIONS[folder as keyof typeof QUESTIONS] : folder;
}
