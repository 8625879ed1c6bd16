// The questions of the report: the five technical ones as a table, business and trust as sentences.
import type { QuestionAnswer } from "../summary/questions.ts";
import type { Summary } from "../summary/summary.ts";
import { ANSWER_SYMBOL, ANSWER_WORD, countOf, STANDING_SYMBOL } from "../summary/words.ts";
import { displayWidth, padEnd } from "../text/layout.ts";
import { ANSWER_STYLE, STANDING_STYLE } from "../text/paint.ts";
import { plain } from "../text/plain.ts";
import { hanging, heading, type Pen } from "./pen.ts";
import { ABSORBED } from "./scenarios.ts";
import { type Columns, headerLine, type Row, rowLine } from "./table.ts";

export function questionRow({ verdict, phrase, readings, absorbs }: QuestionAnswer): Row {
  const row = { verdict, label: phrase, readings };
  if (verdict === "not-asked") return { ...row, remark: "no scenario asked" };
  return absorbs ? { ...row, remark: ABSORBED[verdict] } : row;
}

export function questionLines(pen: Pen, columns: Columns, { questions }: Summary): string[] {
  const rows = questions.map((question) => {
    const failed = question.scenarios.filter(({ verdict }) => verdict === "failed").length;
    const total = question.scenarios.length;
    return {
      ...questionRow(question),
      title: failed > 0 ? `${failed} of ${total} failed` : total > 0 ? countOf(total, "scenario") : "",
    };
  });
  return ["", headerLine(pen, columns, "If the partner …"), ...rows.map((row) => rowLine(pen, columns, row))];
}

export function businessLines(pen: Pen, { business }: Summary): string[] {
  const column = Math.max(...business.map(({ label }) => displayWidth(label))) + 2;
  return [
    ...heading(pen, "For the business"),
    ...business.flatMap(({ label, standing, answer }) =>
      hanging(pen, {
        lead: `${STANDING_SYMBOL[standing]} ${padEnd(label, column)}`,
        leadStyle: STANDING_STYLE[standing],
        text: plain(answer),
      }),
    ),
  ];
}

export function trustLines(pen: Pen, { trust }: Summary): string[] {
  const column = Math.max(...trust.map(({ question }) => displayWidth(question))) + 2;
  return [
    ...heading(pen, "Can it be trusted?"),
    ...trust.flatMap(({ question, answer, evidence }) => [
      pen.paint(
        ANSWER_STYLE[answer],
        `${ANSWER_SYMBOL[answer]} ${padEnd(question, column)}${ANSWER_WORD[answer]}`,
      ),
      ...hanging(pen, { lead: "  ", text: plain(evidence), style: "dim" }),
    ]),
  ];
}

export function coverageLines(pen: Pen, { coverage }: Summary): string[] {
  const { cannotTell, notExercised } = coverage;
  if (cannotTell.length === 0 && notExercised.length === 0) return [];
  return [
    ...heading(pen, "Not judged in this run"),
    ...cannotTell.flatMap(({ id, reason }) =>
      hanging(pen, { lead: `? ${id}  `, leadStyle: "yellow", text: `cannot tell: ${plain(reason)}` }),
    ),
    ...(notExercised.length > 0
      ? hanging(pen, { lead: "· ", text: `never exercised: ${notExercised.join(", ")}`, style: "dim" })
      : []),
  ];
}
