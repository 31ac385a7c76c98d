/** What a program pays for importing the SDK, at every run. */
import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { removeTemporary, temporaryFolder } from "../processes";
import type { Measured } from "./figures";
import { inTurn, type Samples } from "./measure";

const CHECKOUT = join(__dirname, "..", "..");
const run = promisify(execFile);

/** In a process of its own, since a module is loaded once. */
async function inProcess<T>(script: string): Promise<T> {
  const { stdout } = await run(process.execPath, ["--eval", script], { cwd: CHECKOUT });
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

const WITHOUT = `
  import * as pulumi from "@pulumi/pulumi";
  export const greeting = pulumi.output("hello");`;

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

/** As `pulumi new typescript` sets it up. */
const COMPILER_OPTIONS = {
  strict: true,
  target: "es2020",
  module: "commonjs",
  moduleResolution: "node",
  forceConsistentCasingInFileNames: true,
  noEmit: true,
  types: [],
};

export async function typeCheck(samples: Samples, rounds: number): Promise<Measured> {
  const folder = temporaryFolder("pulumi-milvus-types-");
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(CHECKOUT, join(folder, "node_modules", "pulumi-milvus"), "dir");
  symlinkSync(join(CHECKOUT, "node_modules", "@pulumi"), join(folder, "node_modules", "@pulumi"), "dir");
  const check = (name: string, program: string) => {
    writeFileSync(join(folder, `${name}.ts`), program);
    const settings = join(folder, `${name}.json`);
    writeFileSync(settings, JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: [`${name}.ts`] }));
    return () =>
      samples.time(`type-checking a program ${name} the SDK`, async () => {
        await run(join(CHECKOUT, "node_modules", ".bin", "tsc"), ["--project", settings]);
      });
  };
  await inTurn(rounds, [check("without", WITHOUT), check("with", WITH)]);
  removeTemporary(folder);
  const of = (name: string): number => samples.median(`type-checking a program ${name} the SDK`);
  return { typecheck_ms: of("with") - of("without") };
}
