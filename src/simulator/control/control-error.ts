// A request to the control that cannot be done: the caller's mistake, in process as well as over HTTP.

export interface ControlMistake {
  /** Dotted path inside what was sent, such as `during`; empty: all of it. */
  path: string;
  message: string;
  hint?: string;
}

export class ControlError extends Error {
  /** The HTTP status that says the same: 404 unknown, 409 not in this state, 422 not valid. */
  readonly status: number;
  /** One entry per mistake, where there are several. */
  readonly mistakes: readonly ControlMistake[];

  constructor(status: number, message: string, mistakes: readonly ControlMistake[] = []) {
    super(message);
    this.name = "ControlError";
    this.status = status;
    this.mistakes = mistakes;
  }
}

/** The refusal of something that was not valid: its mistakes in one sentence, and one by one. */
export function invalid(mistakes: readonly ControlMistake[]): ControlError {
  const sentences = mistakes.map(
    ({ path, message, hint }) => `${path ? `${path}: ` : ""}${message}${hint ? `; ${hint}` : ""}`,
  );
  return new ControlError(422, sentences.join(". "), mistakes);
}
