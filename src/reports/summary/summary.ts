// A run record condensed to answers: every report renders this, so that all say the same.
import type { RunRecord } from "../../history/run-record.ts";
import { answerBusiness, type BusinessAnswer, type Impact, impactOf } from "./business.ts";
import { answerClaim, answerMainClaim, type ClaimAnswer } from "./claims.ts";
import { type Coverage, coverageOf } from "./coverage.ts";
import { type Headline, headlineOf } from "./headline.ts";
import { type MutationCoverage, mutationsOf } from "./mutations.ts";
import { answerQuestions, type QuestionAnswer } from "./questions.ts";
import { type ScenarioSummary, summarizeScenario, verdictsById } from "./scenarios.ts";
import { answerTrust, type TrustAnswer } from "./trust.ts";

export interface Summary {
  system: string;
  partner: string;
  noun: string;
  headline: Headline;
  scenarios: ScenarioSummary[];
  questions: QuestionAnswer[];
  business: BusinessAnswer[];
  impact: Impact;
  trust: TrustAnswer[];
  /** The first is `"<system> never fails"`, then those of the configuration. */
  claims: [ClaimAnswer, ...ClaimAnswer[]];
  coverage: Coverage;
  /** Where payloads were broken: what was survived, what broke, what is left. */
  mutations?: MutationCoverage;
  notRun: string[];
  interrupted: boolean;
}

export function summarize(record: RunRecord): Summary {
  const scenarios = record.scenarios.map(summarizeScenario);
  const verdicts = verdictsById(scenarios);
  const impact = impactOf(scenarios);
  const mutations = mutationsOf(scenarios);
  return {
    system: record.system.name,
    partner: record.partner,
    noun: record.system.noun,
    headline: headlineOf(record, verdicts),
    scenarios,
    questions: answerQuestions(scenarios),
    business: answerBusiness(record.system, scenarios, impact),
    impact,
    trust: answerTrust(record.system, scenarios, impact),
    claims: [
      answerMainClaim(record.system.name, verdicts, record.notRun.length),
      ...record.claims.map(answerClaim),
    ],
    coverage: coverageOf(scenarios),
    ...(mutations && { mutations }),
    notRun: record.notRun,
    interrupted: record.interrupted,
  };
}
