/** What a program pays for importing the SDK, at every run. */
import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { ModuleKind, ModuleResolutionKind, ScriptTarget } from "typescript";

import { removeTemporary, temporaryFolder } from "../processes";
import type { Measured } from "./figures";
import type { Samples } from "./measure";

const CHECKOUT = join(__dirname, "..", "..");
const run = promisify(execFile);

/** In a process of its own, since a module is loaded once. */
async function inProcess<T>(script: string, args: readonly string[] = []): Promise<T> {
  const { stdout } = await run(process.execPath, ["--eval", script, "--", ...args], { cwd: CHECKOUT });
  return JSON.parse(stdout) as T;
}

export async function importTime(samples: Samples, rounds: number): Promise<Measured> {
  const script = `
    require("@pulumi/pulumi");
    const started = performance.now();
    require("pulumi-milvus");
    process.stdout.write(String(performance.now() - started));`;
  for (let round = 0; round < rounds; round++)
    samples.add("importing the SDK", await inProcess<number>(script));
  return { import_ms: samples.median("importing the SDK") };
}

export async function importedModules(): Promise<Measured> {
  const loaded = await inProcess<string[]>(`
    require("@pulumi/pulumi");
    const before = new Set(Object.keys(require.cache));
    require("pulumi-milvus");
    const added = Object.keys(require.cache).filter((file) => !before.has(file));
    process.stdout.write(JSON.stringify(added));`);
  if (loaded.length === 0) throw new Error("the SDK was not imported");
  return { import_client_modules: loaded.filter((file) => /milvus2-sdk-node|@grpc/.test(file)).length };
}

const WITH = `
  import * as pulumi from "@pulumi/pulumi";
  import * as milvus from "pulumi-milvus";
  const collection = new milvus.Collection("documents", {
    fields: [
      { name: "id", dataType: "Int64", isPrimaryKey: true },
      { name: "embedding", dataType: "FloatVector", dim: 768 },
    ],
  });
  new milvus.Partition("y2024", { collection });
  new milvus.Index("by_meaning", {
    collection, fieldName: "embedding", indexType: "HNSW", metricType: "COSINE", params: { M: 16 },
  });
  export const greeting: pulumi.Output<string> = collection.collectionName;`;

/** As `pulumi new typescript` sets it up, as the compiler's API takes it. */
const COMPILER_OPTIONS = {
  strict: true,
  target: ScriptTarget.ES2020,
  module: ModuleKind.CommonJS,
  moduleResolution: ModuleResolutionKind.Node10,
  forceConsistentCasingInFileNames: true,
  noEmit: true,
  types: [],
};

/**
 * What the SDK adds, in one process: a whole tsc takes seconds for the declarations of @pulumi/pulumi and TypeScript's
 * library alone, and varies by more than what is asked. So those are checked first, and then, timed, the program with
 * the declarations of pulumi-milvus. Parsing them is in the time as well.
 */
const CHECKING = `
  const ts = require("typescript");
  const [file, options] = JSON.parse(process.argv[1]);
  const isOurs = (name) => !name.includes("node_modules");
  const host = ts.createCompilerHost(options, true);
  const read = host.getSourceFile;
  let took = 0;
  const timed = (action) => {
    const started = performance.now();
    const result = action();
    took += performance.now() - started;
    return result;
  };
  host.getSourceFile = (name, ...rest) => (isOurs(name) ? timed(() => read(name, ...rest)) : read(name, ...rest));
  const program = ts.createProgram([file], options, host);
  const [ours, others] = [true, false].map((own) =>
    program.getSourceFiles().filter(({ fileName }) => isOurs(fileName) === own));
  for (const other of others) program.getSemanticDiagnostics(other);
  const problems = timed(() => ours.flatMap((own) => program.getSemanticDiagnostics(own)));
  if (problems.length > 0) throw new Error(problems.map(({ messageText }) => messageText).join());
  process.stdout.write(JSON.stringify({ took, files: ours.length }));`;

export async function typeCheck(samples: Samples, rounds: number): Promise<Measured> {
  const folder = temporaryFolder("pulumi-milvus-types-");
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(CHECKOUT, join(folder, "node_modules", "pulumi-milvus"), "dir");
  symlinkSync(join(CHECKOUT, "node_modules", "@pulumi"), join(folder, "node_modules", "@pulumi"), "dir");
  const program = join(folder, "program.ts");
  writeFileSync(program, WITH);
  const what = "type-checking a program and the SDK";
  for (let round = 0; round < rounds; round++) {
    const asked = JSON.stringify([program, COMPILER_OPTIONS]);
    const { took, files } = await inProcess<{ took: number; files: number }>(CHECKING, [asked]);
    if (files < 2) throw new Error("the SDK was not checked");
    samples.add(what, took);
  }
  removeTemporary(folder);
  return { typecheck_ms: samples.median(what) };
}
