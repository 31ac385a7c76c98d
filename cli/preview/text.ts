/** The report for a terminal: the destructive part first. */
import type { Holding, Loss, Other, Report } from "./report";

export function asText(report: Report): string {
  return [
    `pulumi-milvus: ${report.verdict}`,
    ...section("Data that would be lost", report.losses.map(lossLine)),
    ...section(KEPT, report.kept.map(keptLine)),
    ...section(
      SERVING_LESS,
      report.servingLess.map(({ inWords }) => inWords),
    ),
    ...section(
      "Searches that would fail meanwhile",
      report.interruptions.map(({ object, consequence }) => `${object}: ${consequence}`),
    ),
    ...section(
      "Could not be judged",
      report.unjudged.map(({ object, because }) => `${object}: ${because}`),
    ),
    ...section("Changed in place", report.inPlace.map(otherLine)),
    ...section("Added", report.additions.map(otherLine)),
    ...section("Other", report.rest.map(otherLine)),
    ...section("Acknowledged, but not being dropped", report.unneeded),
    ...(report.acknowledgeCommand
      ? ["", "To lose this data on purpose:", `  ${report.acknowledgeCommand}`]
      : []),
    ...(report.previewError === undefined ? [] : ["", "The preview failed:", indented(report.previewError)]),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines.map((line) => `  ${line}`)];
}

export const KEPT = "Data that stays, as an error of `pulumi up` says, until its id is acknowledged";

export const SERVING_LESS =
  "Aliases that would serve less, which `pulumi up` refuses unless a filledBy or startsEmpty: true says so";

function lossLine(loss: Loss): string {
  const sign = loss.operation === "delete" ? "-" : "+-";
  const refused =
    loss.refusedBecause === undefined ? "" : `; \`pulumi up\` refuses it, because ${loss.refusedBecause}`;
  return `${sign} ${holdingLine(loss)}${loss.acknowledged ? ", acknowledged" : ""}${refused}`;
}

export function keptLine(kept: Holding): string {
  return `${kept.id}: ${holdingLine(kept)}`;
}

function holdingLine({ object, operation, reasons, entitiesInWords, loaded, aliases }: Holding): string {
  return [
    `${object} (${operation}${because(reasons)}): ${entitiesInWords}`,
    loaded ? "loaded" : "not loaded",
    ...(aliases.length > 0 ? [`aliases ${aliases.join(", ")} point at it`] : []),
  ].join(", ");
}

export function because(reasons: readonly string[]): string {
  return reasons.length === 0 ? "" : `, because of ${reasons.join(", ")}`;
}

export function otherLine({ object, operation, reasons, note }: Other): string {
  return `${object} (${operation}${because(reasons)})${note === undefined ? "" : `: ${note}`}`;
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
