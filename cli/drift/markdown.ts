/** The drift report as an issue: a title, a table of what differs, and the strangers folded. */
import {
  type Add,
  addAsManyAsFit,
  addFolded,
  addList,
  asCode,
  escaped,
  limited,
  ROWS_AT_ONCE,
  shortened,
} from "../markdown";
import { UNJUDGED } from "../words";
import type { DriftedObject, DriftReport } from "./report";
import { STRANGERS, undeclaredLine, unjudgedLine } from "./text";

const SIGNS = { 0: "✅", 2: "⚠️", 3: "❔" } as const;
/** Of one cell of the table, in characters. */
const LONGEST_CELL = 2_000;

export function asMarkdown(report: DriftReport): string {
  const stack = report.stack === undefined ? "" : ` of stack ${report.stack}`;
  const parts = [`### ${SIGNS[report.exitCode]} Milvus drift${escaped(stack)}: ${escaped(report.verdict)}`];
  const add = limited(parts, "drift");
  add(countsOf(report));
  addDrift(report.drift, add);
  addList(UNJUDGED, report.unjudged.map(unjudgedLine), add);
  addFolded(STRANGERS, (report.undeclared ?? []).map(undeclaredLine), add);
  return `${parts.join("\n\n")}\n`;
}

function countsOf({ compared, drift, undeclared, unjudged }: DriftReport): string {
  const gone = drift.filter(({ status }) => status === "gone").length;
  const cells = [
    compared,
    drift.length - gone,
    gone,
    undeclared?.length ?? "not looked for",
    unjudged.length,
  ];
  return [
    "| compared | changed | gone | undeclared | not judged |",
    "| --- | --- | --- | --- | --- |",
    `| ${cells.join(" | ")} |`,
  ].join("\n");
}

function addDrift(drift: readonly DriftedObject[], add: Add): void {
  const head = "| object | state -> server |\n| --- | --- |";
  const table = (rows: readonly string[]): string => [head, ...rows].join("\n");
  if (drift.length > 0) addAsManyAsFit(drift.map(row), table, ROWS_AT_ONCE, "object", "objects", add);
}

function row({ id, object, status, changes, note }: DriftedObject): string {
  const gone = `**gone**${note === undefined ? "" : `: ${escaped(note)}`}`;
  const changed = changes.map(({ inWords }) => asCode(shortened(inWords, LONGEST_CELL / 4)));
  return `| ${escaped(object)} ${asCode(id)} | ${status === "gone" ? gone : cellOf(changed)} |`;
}

/** As many as fit. */
function cellOf(changes: readonly string[]): string {
  const shown: string[] = [];
  for (const change of changes)
    if (shown.join("").length + change.length <= LONGEST_CELL) shown.push(change);
    else break;
  const left = changes.length - shown.length;
  return [...shown, ...(left > 0 ? [`… and ${left} more`] : [])].join("<br>");
}
