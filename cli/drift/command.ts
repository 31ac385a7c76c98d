import { writeFileSync } from "node:fs";

import { refuseUnknownKeys } from "../../provider/milvus/settings";
import { providersAmong, recordedResources, type Stack, stackConfig } from "../preview/engine";
import { plannedProviders } from "../preview/providers";
import { Servers } from "../preview/servers";
import { type Compared, compareAll } from "./compare";
import { asMarkdown } from "./markdown";
import { recordedObjects } from "./recorded";
import { type DriftReport, makeReport, type ReportInput, type UndeclaredOption } from "./report";
import { listAll } from "./listed";
import { asText } from "./text";
import { undeclaredAmong } from "./undeclared";

export interface DriftOptions extends Stack {
  readonly json?: boolean;
  readonly markdown?: string;
  readonly undeclared?: UndeclaredOption;
  readonly allDatabases?: boolean;
}

/** Returns the exit code. */
export async function drift(options: DriftOptions): Promise<number> {
  const report = await reportOn(options);
  if (options.markdown !== undefined) writeFileSync(options.markdown, asMarkdown(report));
  console.log(options.json ? JSON.stringify(report, undefined, 2) : asText(report));
  return report.exitCode;
}

async function reportOn(options: DriftOptions): Promise<DriftReport> {
  const [resources, config] = await Promise.all([recordedResources(options), stackConfig(options)]);
  refuseUnknownKeys(Object.keys(config), resources[0]?.urn.split("::")[1] ?? "");
  const objects = recordedObjects(resources);
  // Nothing is planned: what a provider had is what it has, but for stack config, which is today's.
  const servers = new Servers(plannedProviders(providersAmong(resources), {}, config), config);
  try {
    const all = await compareAll(objects, servers);
    const compared = all.filter(({ recorded }) => !recorded.isLeftOver);
    const leftOver = all.filter(({ recorded }) => recorded.isLeftOver);
    return makeReport({
      compared,
      listed: await lookForUndeclared(compared, leftOver, servers, options),
      countsUndeclared: options.undeclared === "count",
      stack: options.stack,
    });
  } finally {
    await servers.close();
  }
}

async function lookForUndeclared(
  compared: readonly Compared[],
  leftOver: readonly Compared[],
  servers: Servers,
  { undeclared, allDatabases }: DriftOptions,
): Promise<ReportInput["listed"]> {
  if (undeclared === "skip") return undefined;
  const { standing, unlisted } = await listAll(compared, servers, allDatabases);
  return { standing, unlisted, undeclared: undeclaredAmong(standing, compared, leftOver) };
}
