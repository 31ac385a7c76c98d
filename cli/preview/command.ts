import { readFileSync, writeFileSync } from "node:fs";

import { logTo } from "../../provider/core/log";
import { refuseUnknownKeys } from "../../provider/milvus/settings";
import { paintFor } from "./colours";
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
import { type Progress, progressOn } from "./progress";
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
  /** Where to write the ids that acknowledge all of it. */
  readonly acknowledgeFile?: string;
}

/** Returns the exit code. */
export async function preview(options: PreviewOptions, flags: readonly string[]): Promise<number> {
  const progress = progressOn(process.stderr, process.env);
  logTo((line) => progress.line(line));
  const report = await reportOn(options, flags, progress).finally(() => progress.end());
  const { json, markdown, acknowledgeFile } = options;
  if (markdown !== undefined) writeFileSync(markdown, asMarkdown(report));
  const { acknowledgedDataLoss } = report;
  if (acknowledgeFile !== undefined && acknowledgedDataLoss)
    writeFileSync(acknowledgeFile, `${JSON.stringify(acknowledgedDataLoss)}\n`);
  const paint = paintFor(process.stdout, process.env);
  console.log(json ? JSON.stringify(report, undefined, 2) : asText(report, { paint, acknowledgeFile }));
  return report.exitCode;
}

function readPreview(file: string): PreviewRun {
  const saved = JSON.parse(readFileSync(file, "utf8")) as Preview;
  const error = errorsOf(saved);
  return { preview: saved, ...(error !== "" && { error }) };
}

type Known = [recorded: readonly RecordedProvider[], config: Record<string, string>];

const NOTHING_KNOWN: Known = [[], {}];

async function reportOn(
  options: PreviewOptions,
  flags: readonly string[],
  progress: Progress,
): Promise<Report> {
  if (options.from === undefined) progress.now("pulumi preview runs");
  const run = options.from === undefined ? await runPreview(options, flags) : readPreview(options.from);
  return judgeRun(run, options, progress);
}

async function judgeRun(
  { preview: ran, error }: PreviewRun,
  stack: Stack,
  progress: Progress,
): Promise<Report> {
  progress.now("pulumi is asked for the state and the config");
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
      changes: await judgeAll(changes, servers, judged(changes.length, progress)),
      acknowledgedOf: (provider) => servers.acknowledgedOf(provider),
      previewError: error,
      stack: stack.stack,
    });
  } finally {
    await servers.close();
  }
}

/** Tells how many of the changes are judged. */
function judged(all: number, progress: Progress): () => void {
  let done = 0;
  const tell = (): void =>
    progress.now(
      `Milvus is asked what is lost: ${done} of ${all} ${all === 1 ? "change" : "changes"} judged`,
    );
  tell();
  return () => {
    done += 1;
    tell();
  };
}
