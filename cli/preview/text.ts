/** The report for a terminal: the destructive part first. */
import { thousands } from "../../provider/core/thousands";
import { firstInWords } from "../../provider/resources/common/counts";
import { section, UNJUDGED } from "../words";
import { commandsWithFile, FEW_IDS } from "./acknowledge";
import { type Colour, type Paint, plain } from "./colours";
import type { Holding, Interruption, Loss, Other, Planned, Report, Unjudged } from "./report";

export interface Shown {
  readonly paint?: Paint;
  /** The file that the ids to acknowledge were written to. */
  readonly acknowledgeFile?: string;
}

export function asText(report: Report, { paint = plain, acknowledgeFile }: Shown = {}): string {
  const other = (one: Other): string => paint(COLOURS[one.operation], otherLine(one));
  return [
    `pulumi-milvus: ${paint("bold", report.verdict)}`,
    ...section(
      "Data that would be lost",
      report.losses.map((loss) => paint("red", lossLine(loss))),
    ),
    ...section(KEPT, report.kept.map(keptLine)),
    ...section(
      SERVING_LESS,
      report.servingLess.map(({ inWords }) => inWords),
    ),
    ...section(
      REFUSED,
      report.refused.map(({ because: reason }) => paint("red", reason)),
    ),
    ...section("Searches that would fail meanwhile", report.interruptions.map(interruptionLine)),
    ...section(UNJUDGED, report.unjudged.map(unjudgedLine)),
    ...section("Changed in place", report.inPlace.map(other)),
    ...section("Added", report.additions.map(other)),
    ...section("Other", report.rest.map(other)),
    ...section("Acknowledged, but not being dropped", report.unneeded),
    ...acknowledgement(report, acknowledgeFile),
    ...(report.previewError === undefined ? [] : ["", "The preview failed:", indented(report.previewError)]),
  ].join("\n");
}

const COLOURS: Readonly<Record<Planned["operation"], Colour>> = {
  delete: "red",
  replace: "red",
  update: "yellow",
  create: "green",
};

/** What can be copied as it stands. */
function acknowledgement(report: Report, file: string | undefined): string[] {
  const { acknowledgeCommand, acknowledgedDataLoss = [] } = report;
  if (acknowledgeCommand === undefined) return [];
  if (file === undefined && acknowledgedDataLoss.length <= FEW_IDS)
    return section(ON_PURPOSE, [acknowledgeCommand]);
  const ids = `${thousands(acknowledgedDataLoss.length)} ids: ${firstInWords(acknowledgedDataLoss, 3)}`;
  const title = file === undefined ? `${ON_PURPOSE} (${ids}; --json has all)` : ON_PURPOSE;
  return section(title, commandsWithFile(report, file));
}

export const ON_PURPOSE = "To lose this data on purpose";

export const KEPT = "Data that stays, as an error of `pulumi up` says, until its id is acknowledged";

export const REFUSED = "What exists already, and `pulumi up` refuses to take over";

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

function holdingLine({ entitiesInWords, loaded, aliases, ...planned }: Holding): string {
  return [
    `${plannedInWords(planned)}: ${entitiesInWords}`,
    loaded ? "loaded" : "not loaded",
    ...(aliases.length > 0 ? [`aliases ${aliases.join(", ")} point at it`] : []),
  ].join(", ");
}

export function interruptionLine({ consequence, ...planned }: Interruption): string {
  return `${plannedInWords(planned)}: ${consequence}`;
}

export function unjudgedLine({ because: reason, ...planned }: Unjudged): string {
  return `${plannedInWords(planned)}: ${reason}`;
}

export function otherLine({ note, ...planned }: Other): string {
  return `${plannedInWords(planned)}${note === undefined ? "" : `: ${note}`}`;
}

/** `collection documents (replace, because of fields.embedding.dim 8 -> 16)`. */
function plannedInWords(planned: Planned): string {
  const { object, operation, changes } = planned;
  if (operation !== "update" || changes.length === 0) return `${object} (${operation}${because(planned)})`;
  return `${object} (update: ${firstInWords(changes.map(({ inWords }) => inWords))})`;
}

/** Of what is replaced the rest changes with it. */
export function because({ reasons, changes }: Pick<Planned, "reasons" | "changes">): string {
  const pathsOf = (input: string): string[] =>
    changes.filter((change) => change.input === input).map(({ inWords }) => inWords);
  const causes = reasons.flatMap((reason) => {
    const paths = pathsOf(reason);
    return paths.length > 0 ? paths : [reason];
  });
  const others = changes.filter(({ input }) => !reasons.includes(input)).map(({ inWords }) => inWords);
  return [
    causes.length > 0 ? `, because of ${firstInWords(causes)}` : "",
    others.length > 0 ? `; also ${firstInWords(others)}` : "",
  ].join("");
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
