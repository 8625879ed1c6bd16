// The five technical questions that every report answers, each from the scenarios that ask it.
import { type Verdict, worstVerdict } from "../../history/verdict.ts";
import { NO_READINGS, type Readings, worstReadings } from "./reading.ts";
import type { ScenarioSummary } from "./scenarios.ts";

interface Question {
  /** Folder of its shipped scenarios. */
  folder: string;
  /** As product.md words it. */
  question: string;
  /** Completes "If the partner …". */
  phrase: string;
}

const QUESTIONS: Question[] = [
  {
    folder: "unavailable",
    question: "What happens if the partner is unavailable?",
    phrase: "is unavailable",
  },
  {
    folder: "cannot-process",
    question: "What happens if it accepts the request but cannot process it?",
    phrase: "accepts but cannot process",
  },
  {
    folder: "never-reports",
    question: "What happens if it never reports the result?",
    phrase: "never reports the result",
  },
  {
    folder: "unexpected-format",
    question: "What happens if it reports the result in an unexpected format?",
    phrase: "reports in an unexpected format",
  },
  {
    folder: "same-result-twice",
    question: "What happens if it sends the same result twice?",
    phrase: "sends the same result twice",
  },
];

/** Times are the worst over the question's scenarios; `absorbed`: every one of them has to be absorbed unnoticed. */
export interface QuestionAnswer extends Question {
  verdict: Verdict | "not-asked";
  readings: Readings;
  scenarios: ScenarioSummary[];
  absorbs: boolean;
}

export function answerQuestions(scenarios: ScenarioSummary[]): QuestionAnswer[] {
  return QUESTIONS.map((question) => {
    const asking = scenarios.filter((scenario) => asks(scenario, question));
    if (asking.length === 0) {
      return { ...question, verdict: "not-asked", readings: NO_READINGS, scenarios: [], absorbs: false };
    }
    return {
      ...question,
      verdict: worstVerdict(asking.map(({ verdict }) => verdict)),
      readings: worstReadings(asking.map(({ readings }) => readings)),
      scenarios: asking,
      absorbs: asking.every(({ record }) => record.scenario.expect.absorbs === true),
    };
  });
}

/** A scenario without `asks` belongs to the question whose folder it lies in. */
function asks(scenario: ScenarioSummary, question: Question): boolean {
  if (scenario.asks === undefined) return scenario.id.split("/")[0] === question.folder;
  return essence(scenario.asks) === essence(question.question);
}

/** Forgives case, punctuation, "the partner" for "it", and "the processing result" for "the result". */
function essence(sentence: string): string {
  const words = sentence.toLowerCase().replace(/[^a-z]+/g, " ");
  return words
    .replace(/\bthe partner\b/g, "it")
    .replace(/\bprocessing result\b/g, "result")
    .trim();
}
