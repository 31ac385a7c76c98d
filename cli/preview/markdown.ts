/** The report as a comment on a pull request: a verdict, a table of losses, the rest folded. */
import { thousands } from "../../provider/core/thousands";
import {
  type Add,
  addAsManyAsFit,
  addFolded,
  addList,
  escaped,
  fenced,
  folded,
  limited,
  ROWS_AT_ONCE,
  shortened,
} from "../markdown";
import { UNJUDGED } from "../words";
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
const VERDICT_SIGNS = { 0: "✅", 1: "❌", 2: "🛑", 3: "⚠️" } as const;

export function asMarkdown(report: Report): string {
  const parts = [MARKER, `### ${VERDICT_SIGNS[report.exitCode]} Milvus: ${escaped(report.verdict)}`];
  const add = limited(parts, "preview");
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
  addList(UNJUDGED, report.unjudged.map(unjudgedLine), add);
  if (report.previewError !== undefined)
    add(`**The preview failed**\n\n${fenced(shortened(report.previewError, 8_000))}`);
  addList("Acknowledged, but not being dropped", report.unneeded, add);
  addFolded("Changed in place", report.inPlace.map(otherLine), add);
  addFolded("Added", report.additions.map(otherLine), add);
  addFolded("Other", report.rest.map(otherLine), add);
  return `${parts.join("\n\n")}\n`;
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
      : folded(`${ON_PURPOSE}: ${thousands(ids.length)} ids`, code),
  );
}

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
