/** What the engine says: the preview it makes, and what the stack's state and config know of the servers. */
import { spawn } from "node:child_process";

import { reported } from "../../provider/lifecycle/reported";
import { isSecret } from "../../provider/engines/plugin/marks";
import { asConfig, isProvider } from "./over-plugin";
import type { Preview } from "./steps";

export interface Stack {
  readonly stack?: string;
  readonly cwd?: string;
}

export interface PreviewRun {
  readonly preview: Preview;
  /** The engine's own words when the preview failed. */
  readonly error?: string;
}

export async function runPreview(stack: Stack, flags: readonly string[]): Promise<PreviewRun> {
  // Without the steps of replacements it is silent on what an earlier run replaced and has yet to drop.
  const args = ["preview", "--json", "--show-replacement-steps", ...flags];
  const { code, stdout, stderr } = await pulumi(stack, args, reported());
  const preview = parseJson(stdout) as Preview | undefined;
  if (preview === undefined) return { preview: {}, error: (stderr || stdout).trim() || `exit code ${code}` };
  return code === 0
    ? { preview }
    : { preview, error: errorsOf(preview) || stderr.trim() || `exit code ${code}` };
}

export function errorsOf({ diagnostics = [] }: Preview): string {
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.trim())
    .join("\n");
}

interface ExportedResource {
  readonly urn: string;
  readonly id?: string;
  readonly type: string;
  readonly provider?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** Replaced, and yet to be deleted. */
  readonly delete?: boolean;
}

/** A provider as the state has it. */
export interface RecordedProvider {
  readonly urn: string;
  readonly id: string;
  /** Secrets in plain text: never to be shown. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The urns of the resources that it manages. */
  readonly resources: readonly string[];
}

/** Those of the stack's state that run programs' own resources, Milvus objects among them. */
export async function recordedProviders(stack: Stack): Promise<RecordedProvider[]> {
  const state = await pulumiJson(stack, ["stack", "export", "--show-secrets"]);
  const { resources = [] } = (state as { deployment?: { resources?: ExportedResource[] } }).deployment ?? {};
  return resources
    .filter(({ type }) => isProvider(type))
    .map(({ urn, id = "", inputs = {} }) => ({
      urn,
      id,
      inputs: asConfig(plainSecrets(inputs)),
      resources: resources
        .filter((one) => one.provider === `${urn}::${id}` && one.delete !== true)
        .map((one) => one.urn),
    }));
}

/** Today's stack config, secrets in plain text: never to be shown. */
export async function stackConfig(stack: Stack): Promise<Record<string, string>> {
  const config = (await pulumiJson(stack, ["config", "--json", "--show-secrets"])) as Record<
    string,
    { value?: string }
  >;
  return Object.fromEntries(Object.entries(config).map(([key, { value = "" }]) => [key, value]));
}

function plainSecrets(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [
      key,
      isSecret(value) ? parseJson((value as { plaintext?: string }).plaintext ?? "null") : value,
    ]),
  );
}

async function pulumiJson(stack: Stack, args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await pulumi(stack, args);
  // Standard output may hold secrets here: only what went to standard error is repeated.
  if (code !== 0)
    throw new Error(`pulumi ${args[0]} ${args[1]} ended with exit code ${code}: ${stderr.trim()}`);
  return parseJson(stdout) ?? {};
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function pulumi({ stack, cwd }: Stack, args: readonly string[], env = process.env): Promise<Ended> {
  const all = [...args, "--non-interactive", ...(stack === undefined ? [] : ["--stack", stack])];
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", all, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (part: Buffer) => (stdout += part.toString()));
    child.stderr.on("data", (part: Buffer) => (stderr += part.toString()));
    child.on("error", (error) => reject(new Error(`pulumi could not be started: ${error.message}`)));
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
