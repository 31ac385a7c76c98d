import { readFileSync, writeFileSync } from "node:fs";

import { refuseUnknownKeys } from "../../provider/milvus/settings";
import {
  errorsOf,
  type PreviewRun,
  type RecordedProvider,
  recordedProviders,
  runPreview,
  type Stack,
  stackConfig,
} from "./engine";
import { judgeAll } from "./judge";
import { asMarkdown } from "./markdown";
import { asDynamic } from "./over-plugin";
import { plannedChanges } from "./plan";
import { plannedProviders } from "./providers";
import { makeReport, type Report } from "./report";
import { Servers } from "./servers";
import type { Preview } from "./steps";
import { asText } from "./text";

export interface PreviewOptions extends Stack {
  readonly json?: boolean;
  readonly markdown?: string;
  /** A file with the output of `pulumi preview --json`, instead of running one. */
  readonly from?: string;
}

/** Returns the exit code. */
export async function preview(options: PreviewOptions, flags: readonly string[]): Promise<number> {
  const run = options.from === undefined ? await runPreview(options, flags) : readPreview(options.from);
  const report = await reportOn(run, options);
  if (options.markdown !== undefined) writeFileSync(options.markdown, asMarkdown(report));
  console.log(options.json ? JSON.stringify(report, undefined, 2) : asText(report));
  return report.exitCode;
}

function readPreview(file: string): PreviewRun {
  const saved = JSON.parse(readFileSync(file, "utf8")) as Preview;
  const error = errorsOf(saved);
  return { preview: saved, ...(error !== "" && { error }) };
}

type Known = [recorded: readonly RecordedProvider[], config: Record<string, string>];

const NOTHING_KNOWN: Known = [[], {}];

async function reportOn({ preview: ran, error }: PreviewRun, stack: Stack): Promise<Report> {
  const preview = asDynamic(ran);
  const asked = Promise.all([recordedProviders(stack), stackConfig(stack)]);
  // A preview that failed for want of its stack or project is what has to be told, not that these fail as well.
  const [recorded, config] = await (error === undefined ? asked : asked.catch(() => NOTHING_KNOWN));
  const changes = plannedChanges(preview);
  // The program of a preview that failed has said so itself.
  if (error === undefined) refuseUnknownKeys(Object.keys(config), changes[0]?.urn.split("::")[1] ?? "");
  const servers = new Servers(plannedProviders(recorded, preview, config), config);
  try {
    return makeReport({
      changes: await judgeAll(changes, servers),
      acknowledgedOf: (provider) => servers.acknowledgedOf(provider),
      previewError: error,
      stack: stack.stack,
    });
  } finally {
    await servers.close();
  }
}
