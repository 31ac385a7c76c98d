/** The report for a terminal: the destructive part first. */
import type { Loss, Other, Report } from "./report";

export function asText(report: Report): string {
  return [
    `pulumi-milvus: ${report.verdict}`,
    ...section("Data that would be lost", report.losses.map(lossLine)),
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

function lossLine(loss: Loss): string {
  return [
    `${loss.operation === "delete" ? "-" : "+-"} ${loss.object} (${loss.operation}${because(loss.reasons)}): ${loss.entitiesInWords}`,
    loss.loaded ? "loaded" : "not loaded",
    ...(loss.aliases.length > 0 ? [`aliases ${loss.aliases.join(", ")} point at it`] : []),
    ...(loss.acknowledged ? ["acknowledged"] : []),
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
