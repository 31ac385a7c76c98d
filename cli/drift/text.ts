/** The drift report for a terminal. */
import type { DriftedObject, DriftReport, ReportedObject, UndeclaredObject, UnjudgedObject } from "./report";
import { countedByKind, section, UNJUDGED } from "../words";

export function asText(report: DriftReport): string {
  return [
    `pulumi-milvus: ${report.verdict}`,
    ...section(DRIFT, report.drift.flatMap(driftLines)),
    ...section(STRANGERS, (report.undeclared ?? []).map(undeclaredLine)),
    ...section(UNJUDGED, report.unjudged.map(unjudgedLine)),
  ].join("\n");
}

export const DRIFT = "Differs from the state";
export const STRANGERS = "On the server, and declared by no resource of the stack";

function driftLines({ status, changes, note, ...one }: DriftedObject): string[] {
  if (status === "gone") return [`- ${named(one)} is gone${note === undefined ? "" : `: ${note}`}`];
  return [`~ ${named(one)}`, ...changes.map(({ inWords }) => `    ${inWords}`)];
}

/** "collection logs (default/logs), with 2 partitions, 1 index". */
export function undeclaredLine({ contains, note, ...one }: UndeclaredObject): string {
  const within = contains.length === 0 ? "" : `, with ${countedByKind(contains.map(({ kind }) => kind))}`;
  return `${named(one)}${within}${note === undefined ? "" : `: ${note}`}`;
}

/** "collection logs (default/logs)", "role readers". */
function named({ object, id }: ReportedObject): string {
  return object.endsWith(` ${id}`) ? object : `${object} (${id})`;
}

export function unjudgedLine({ object, because }: UnjudgedObject): string {
  return `${object}: ${because}`;
}
