import { readFileSync, writeFileSync } from "node:fs";

import { refuseUnknownKeys } from "../../provider/milvus/settings";
import {
  errorsOf,
  type Preview,
  type PreviewRun,
  providerInputs,
  runPreview,
  type Stack,
  stackConfig,
} from "./engine";
import { judgeAll } from "./judge";
import { asMarkdown } from "./markdown";
import { plannedChanges } from "./plan";
import { makeReport, type Report } from "./report";
import { Servers } from "./servers";
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

type Known = [providers: Awaited<ReturnType<typeof providerInputs>>, config: Record<string, string>];

const NOTHING_KNOWN: Known = [new Map<string, Record<string, unknown>>(), {}];

async function reportOn({ preview, error }: PreviewRun, stack: Stack): Promise<Report> {
  const asked = Promise.all([providerInputs(stack), stackConfig(stack)]);
  // A preview that failed for want of its stack or project is what has to be told, not that these fail as well.
  const [providers, config] = await (error === undefined ? asked : asked.catch(() => NOTHING_KNOWN));
  const changes = plannedChanges(preview);
  // The program of a preview that failed has said so itself.
  if (error === undefined) refuseUnknownKeys(Object.keys(config), changes[0]?.urn.split("::")[1] ?? "");
  const servers = new Servers(withPlannedPolicy(providers, preview), config);
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

const POLICY = ["milvus:protectData", "milvus:acknowledgedDataLoss"];

/** The state holds the policy of the last `pulumi up`; what counts is the one that the next is to record. */
function withPlannedPolicy(providers: Known[0], { steps = [] }: Preview): Known[0] {
  const planned = new Map(providers);
  for (const { urn, newState } of steps) {
    const recorded = [...providers].filter(([key]) => key.startsWith(`${urn}::`));
    if (newState?.type !== "pulumi:providers:pulumi-nodejs" || newState.inputs === undefined) continue;
    const wanted: Readonly<Record<string, unknown>> = newState.inputs;
    const policy: Record<string, unknown> = Object.fromEntries(
      POLICY.map((key) => [key, wanted[key]] as const).filter(([, value]) => value !== "[secret]"),
    );
    for (const [key, inputs] of recorded) planned.set(key, { ...inputs, ...policy });
  }
  return planned;
}
