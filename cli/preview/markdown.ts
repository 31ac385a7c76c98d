/**
 * The report as a comment on a pull request: a verdict, a table of losses, the rest folded. GitHub takes 65,536
 * characters; what is over that goes from the tail, and what went is said.
 */
import { commandsWithFile, FEW_IDS } from "./acknowledge";
import type { Loss, Report } from "./report";
import {
  because,
  interruptionLine,
  KEPT,
  keptLine,
  ON_PURPOSE,
  otherLine,
  REFUSED,
  SERVING_LESS,
  unjudgedLine,
} from "./text";

/** Finds the comment again, so that it is updated rather than repeated. */
export const MARKER = "<!-- pulumi-milvus preview -->";
const LIMIT = 65_536;
/** Left for the lines that say what was left out, and for what wraps the comment. */
const RESERVE = 1_500;

const VERDICT_SIGNS = { 0: "✅", 1: "❌", 2: "🛑", 3: "⚠️" } as const;

export function asMarkdown(report: Report): string {
  const parts = [MARKER, `### ${VERDICT_SIGNS[report.exitCode]} Milvus: ${escaped(report.verdict)}`];
  const add = limited(parts);
  addAcknowledgement(report, add);
  addLosses(report.losses, add);
  addList(KEPT, report.kept.map(keptLine), add);
  addList(
    SERVING_LESS,
    report.servingLess.map(({ inWords }) => inWords),
    add,
  );
  addList(
    REFUSED,
    report.refused.map(({ because: reason }) => reason),
    add,
  );
  addList("Searches that would fail meanwhile", report.interruptions.map(interruptionLine), add);
  addList("Could not be judged", report.unjudged.map(unjudgedLine), add);
  if (report.previewError !== undefined)
    add(`**The preview failed**\n\n${fenced(shortened(report.previewError, 8_000))}`);
  addList("Acknowledged, but not being dropped", report.unneeded, add);
  addFolded("Changed in place", report.inPlace.map(otherLine), add);
  addFolded("Added", report.additions.map(otherLine), add);
  addFolded("Other", report.rest.map(otherLine), add);
  return `${parts.join("\n\n")}\n`;
}

type Add = (part: string) => boolean;

function limited(parts: string[]): Add {
  let length = parts.join("\n\n").length;
  return (part) => {
    if (length + part.length + 2 > LIMIT - RESERVE) return false;
    parts.push(part);
    length += part.length + 2;
    return true;
  };
}

/** A longer one would take the room of what is lost, and shells limit it. */
const LONGEST_COMMAND = 8_000;

function addAcknowledgement(report: Report, add: Add): void {
  const { acknowledgeCommand: command, acknowledgedDataLoss: ids = [] } = report;
  if (command === undefined) return;
  const commands = command.length > LONGEST_COMMAND ? commandsWithFile(report) : [command];
  const code = fenced(commands.join("\n"), "sh");
  add(
    ids.length <= FEW_IDS
      ? `${ON_PURPOSE}:\n\n${code}`
      : folded(`${ON_PURPOSE}: ${ids.length.toLocaleString("en-US")} ids`, code),
  );
}

const ROWS_AT_ONCE = 400;

function addLosses(losses: readonly Loss[], add: Add): void {
  if (losses.length === 0) return;
  const head =
    "| object | would be | entities | loaded | aliases | acknowledged |\n| --- | --- | --- | --- | --- | --- |";
  addAsManyAsFit(losses.map(row), (rows) => [head, ...rows].join("\n"), ROWS_AT_ONCE, "loss", "losses", add);
}

function row(loss: Loss): string {
  const cells = [
    `\`${loss.id}\``,
    loss.operation === "delete" ? "**deleted**" : `**replaced**${escaped(because(loss))}`,
    escaped(loss.entitiesInWords),
    loss.loaded ? "yes" : "no",
    loss.aliases.map((alias) => `\`${alias}\``).join(" "),
    loss.acknowledged ? "yes" : `**no**${escaped(refused(loss))}`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function refused({ refusedBecause }: Loss): string {
  return refusedBecause === undefined ? "" : `; refused, because ${refusedBecause}`;
}

function addList(title: string, lines: readonly string[], add: Add): void {
  const bullets = lines.map((line) => `- ${escaped(line)}`);
  if (bullets.length > 0)
    addAsManyAsFit(bullets, (some) => `**${title}**\n\n${some.join("\n")}`, 200, "line", "lines", add);
}

function addFolded(title: string, lines: readonly string[], add: Add): void {
  const bullets = lines.map((line) => `- ${escaped(line)}`);
  const format = (some: readonly string[]): string => folded(`${title}: ${lines.length}`, some.join("\n"));
  if (bullets.length > 0) addAsManyAsFit(bullets, format, 200, "line", "lines", add);
}

function folded(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

/** Halves what is shown until it fits; the rest is counted, never cut in the middle. */
function addAsManyAsFit(
  lines: readonly string[],
  format: (lines: readonly string[]) => string,
  most: number,
  one: string,
  many: string,
  add: Add,
): void {
  for (let shown = Math.min(lines.length, most); shown > 0; shown = Math.floor(shown / 2)) {
    const left = lines.length - shown;
    const tail =
      left === 0
        ? ""
        : `\n\n… and ${left.toLocaleString("en-US")} more ${left === 1 ? one : many}; run \`npx pulumi-milvus preview\` for all of them.`;
    if (add(`${format(lines.slice(0, shown))}${tail}`)) return;
  }
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)} … (${text.length - most} more characters)`;
}

/** Nothing that came from a server or a program may close a cell, a fold or a code block. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("|", "\\|").replaceAll("\n", " ");
}

function fenced(text: string, language = ""): string {
  const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}${language}\n${text}\n${fence}`;
}
