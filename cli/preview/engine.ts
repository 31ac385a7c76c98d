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

/** A resource as the state has it, as far as it is read here. Secrets in plain text, with their marks: never to be shown. */
export interface RecordedResource {
  readonly urn: string;
  readonly id?: string;
  readonly type: string;
  readonly provider?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Replaced, and yet to be deleted. */
  readonly delete?: boolean;
  /** Read by the program, and not managed by the stack. */
  readonly external?: boolean;
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

export async function recordedResources(stack: Stack): Promise<readonly RecordedResource[]> {
  const state = await pulumiJson(stack, ["stack", "export", "--show-secrets"]);
  return (state as { deployment?: { resources?: RecordedResource[] } }).deployment?.resources ?? [];
}

/** Those of the stack's state that run programs' own resources, Milvus objects among them. */
export async function recordedProviders(stack: Stack): Promise<RecordedProvider[]> {
  return providersAmong(await recordedResources(stack));
}

export function providersAmong(resources: readonly RecordedResource[]): RecordedProvider[] {
  return resources
    .filter(({ type }) => isProvider(type))
    .map(({ urn, id = "", inputs = {} }) => ({
      urn,
      id,
      inputs: asConfig(withoutSecretMarks(inputs) as Readonly<Record<string, unknown>>),
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

/** Values of a state with the secrets in them as plain values; `found` is told of each of these. */
export function withoutSecretMarks(
  value: unknown,
  found: (secret: unknown) => void = () => undefined,
): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => withoutSecretMarks(one, found));
  if (isSecret(value)) {
    const secret = parseJson((value as { plaintext?: string }).plaintext ?? "null");
    found(secret);
    return secret;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, withoutSecretMarks(one, found)]),
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
