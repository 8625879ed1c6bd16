// JUnit XML, in the dialect that GitLab, Jenkins and the GitHub actions for it agree on (testmoapp/junitxml).
import type { RunRecord } from "../../history/run-record.ts";
import { evidenceOf } from "../summary/findings.ts";
import { type ScenarioSummary, summarizeScenario } from "../summary/scenarios.ts";
import { truncate } from "../text/layout.ts";
import { plain } from "../text/plain.ts";
import { measuresText, storyOf } from "./story.ts";
import { type Element, renderXml } from "./xml.ts";

const LONGEST_MESSAGE = 200;

/** One suite; a case per scenario: `failed` is a failure, `inconclusive` and `error` are errors, what did not run is skipped. */
export function renderJunit(record: RunRecord): string {
  const scenarios = record.scenarios.map(summarizeScenario);
  const having = (...verdicts: string[]) =>
    scenarios.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const totals = {
    tests: scenarios.length + record.notRun.length,
    failures: having("failed"),
    errors: having("inconclusive", "error"),
    skipped: record.notRun.length,
    time: seconds(record.durationMs),
    timestamp: record.startedAt,
  };
  const claimName = uniqueNames();
  const suite: Element = {
    name: "testsuite",
    attributes: { name: record.system.name, ...totals },
    children: [
      properties({
        run: record.id,
        seed: record.seed,
        partner: record.partner,
        "neverfails.version": record.version,
        interrupted: String(record.interrupted),
      }),
      ...scenarios.map((scenario) => scenarioCase(scenario, record, claimName)),
      ...record.notRun.map((id) => skippedCase(id, record.interrupted, claimName)),
    ],
  };
  return renderXml({ name: "testsuites", attributes: { name: "neverfails", ...totals }, children: [suite] });
}

type ClaimName = (classname: string, name: string) => string;

function scenarioCase(scenario: ScenarioSummary, run: RunRecord, claimName: ClaimName): Element {
  const { record } = scenario;
  const classname = classnameOf(scenario.id);
  const title = plain(scenario.title) + (record.repeat === undefined ? "" : ` #${record.repeat}`);
  return {
    name: "testcase",
    attributes: {
      name: claimName(classname, title),
      classname,
      time: seconds(record.durationMs),
      timestamp: record.startedAt,
    },
    children: [
      properties({
        scenario: scenario.id,
        seed: run.seed,
        faults: record.faults.join(", ") || "none",
        verdict: scenario.verdict,
        ...(scenario.asks === undefined ? {} : { question: scenario.asks }),
      }),
      ...complaint(scenario, run),
      { name: "system-out", children: [{ cdata: measuresText(scenario) }] },
    ],
  };
}

function complaint(scenario: ScenarioSummary, run: RunRecord): Element[] {
  if (scenario.verdict === "passed") return [];
  return [
    {
      name: scenario.verdict === "failed" ? "failure" : "error",
      attributes: { message: messageOf(scenario), type: scenario.verdict },
      children: [{ cdata: storyOf(scenario, run) }],
    },
  ];
}

function messageOf({ decisive, reasons, verdict }: ScenarioSummary): string {
  const [check] = decisive;
  const said = check ? `${check.id}: ${evidenceOf(check, 1).lines.join("")}` : verdict;
  return truncate(plain(verdict === "failed" ? said : (reasons[0] ?? said)), LONGEST_MESSAGE);
}

function skippedCase(id: string, interrupted: boolean, claimName: ClaimName): Element {
  const classname = classnameOf(id);
  return {
    name: "testcase",
    attributes: { name: claimName(classname, plain(id)), classname, time: seconds(0) },
    children: [
      {
        name: "skipped",
        attributes: { message: interrupted ? "not run: interrupted" : "not run: the run ended early" },
      },
    ],
  };
}

function properties(values: Record<string, string>): Element {
  return {
    name: "properties",
    children: Object.entries(values).map(([name, value]) => ({
      name: "property",
      attributes: { name, value: plain(value) },
    })),
  };
}

/** `never-reports/missing-callback` → `scenarios.never-reports.missing-callback`; a dot is a level, so there are no others. */
function classnameOf(id: string): string {
  const levels = plain(id)
    .split("/")
    .map((level) => level.replace(/[^\p{L}\p{N}_-]+/gu, "-"));
  return ["scenarios", ...levels.filter((level) => level !== "")].join(".");
}

/** GitLab keeps only the first of two cases with the same classname and name. */
function uniqueNames(): ClaimName {
  const used = new Set<string>();
  return (classname, name) => {
    for (let copy = 1; ; copy++) {
      const candidate = copy === 1 ? name : `${name} (${copy})`;
      if (used.has(`${classname}\n${candidate}`)) continue;
      used.add(`${classname}\n${candidate}`);
      return candidate;
    }
  };
}

function seconds(ms: number): string {
  return (Math.max(0, ms) / 1_000).toFixed(3);
}
