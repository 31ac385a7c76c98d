/**
 * The report as a comment on a pull request: a verdict, a table of losses, the rest folded. GitHub takes 65,536
 * characters; what is over that goes from the tail, and what went is said.
 */
import type { Loss, Report } from "./report";
import { because, KEPT, keptLine, otherLine, SERVING_LESS } from "./text";

/** Finds the comment again, so that it is updated rather than repeated. */
export const MARKER = "<!-- pulumi-milvus preview -->";
const LIMIT = 65_536;
/** Left for the lines that say what was left out, and for what wraps the comment. */
const RESERVE = 1_500;

const VERDICT_SIGNS = { 0: "✅", 1: "❌", 2: "🛑", 3: "⚠️" } as const;

export function asMarkdown(report: Report): string {
  const parts = [MARKER, `### ${VERDICT_SIGNS[report.exitCode]} Milvus: ${escaped(report.verdict)}`];
  const add = limited(parts);
  if (report.acknowledgeCommand !== undefined)
    add(`To lose this data on purpose:\n\n${fenced(shortened(report.acknowledgeCommand, 4_000), "sh")}`);
  addLosses(report.losses, add);
  addList(KEPT, report.kept.map(keptLine), add);
  addList(
    SERVING_LESS,
    report.servingLess.map(({ inWords }) => inWords),
    add,
  );
  addList(
    "Searches that would fail meanwhile",
    report.interruptions.map(({ object, consequence }) => `${object}: ${consequence}`),
    add,
  );
  addList(
    "Could not be judged",
    report.unjudged.map(({ object, because: reason }) => `${object}: ${reason}`),
    add,
  );
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
    loss.operation === "delete" ? "**deleted**" : `**replaced**${escaped(because(loss.reasons))}`,
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
  const folded = (some: readonly string[]): string =>
    `<details><summary>${title}: ${lines.length}</summary>\n\n${some.join("\n")}\n\n</details>`;
  if (bullets.length > 0) addAsManyAsFit(bullets, folded, 200, "line", "lines", add);
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
