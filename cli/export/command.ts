import { writeFileSync } from "node:fs";

import { checkInputs } from "../../provider/core/check";
import { log } from "../../provider/core/log";
import { isDenied } from "../../provider/milvus/errors";
import { Milvus } from "../../provider/milvus/gateway";
import { Run } from "../../provider/run";
import { DEFAULT_DATABASE, environmentOf, readSettings } from "../../provider/milvus/settings";
import { resources } from "../../provider/registry";
import { refuseOverwriting } from "../files";
import { type Stack, stackConfig } from "../preview/engine";
import { importFileOf, parseProvider } from "./import-file";
import type { Declared, Exported } from "./names";
import { programOf } from "./program";

export interface ExportOptions extends Stack {
  readonly database?: string;
  readonly collection?: readonly string[];
  readonly out?: string;
  readonly force?: boolean;
  /** Whether the file for `pulumi import --file` is written instead of a program. */
  readonly import?: boolean;
  readonly provider?: string;
}

interface Listed extends Declared {
  list(milvus: Milvus, databaseName: string): Promise<Readonly<Record<string, unknown>>[]>;
}

export async function exportProgram(options: ExportOptions): Promise<void> {
  const { out, force } = options;
  const textOf = formOf(options);
  if (out !== undefined) refuseOverwriting([out], force);
  const milvus = await connect(options);
  try {
    const databases = options.database === undefined ? await milvus.databases.list() : [options.database];
    const exported: Exported[] = [];
    for (const resource of Object.values(resources) as unknown as Listed[])
      for (const database of databasesOf(resource, databases, options))
        for (const state of await listed(resource, milvus, database))
          if (wanted(state, options) && declarable(resource, state)) exported.push({ resource, state });
    const text = textOf(exported, milvus.database);
    // As it would be in a file: a line more is not as prettier has it.
    if (out === undefined) process.stdout.write(text);
    else writeFileSync(out, text);
    log(`exported ${exported.length} resources of Milvus at ${milvus.address}`);
  } finally {
    await milvus.close();
  }
}

/** `database`: that of what names none, where the server was found. */
type Form = (exported: readonly Exported[], database: string) => string;

function formOf({ import: isImport, provider }: ExportOptions): Form {
  const parsed = provider === undefined ? undefined : parseProvider(provider);
  if (isImport) return (exported) => importFileOf(exported, parsed);
  if (parsed) throw new Error("--provider is for --import: in a program, give the Provider to its resources");
  return programOf;
}

/** What stands in no database is listed once, and not where only some collections are wanted. */
function databasesOf(
  { inputs }: Listed,
  databases: readonly string[],
  { collection }: ExportOptions,
): readonly string[] {
  if (inputs["databaseName"] !== undefined) return databases;
  return collection === undefined ? [DEFAULT_DATABASE] : [];
}

/** Whoever may export collections may not be allowed to see users and roles; that is said, and the rest exported. */
async function listed(resource: Listed, milvus: Milvus, database: string) {
  try {
    return await resource.list(milvus, database);
  } catch (error) {
    if (!isDenied(error)) throw error;
    log(`not exported: each ${resource.kind} of database ${database}: ${(error as Error).message}`);
    return [];
  }
}

/** With a stack named, its config; otherwise MILVUS_ADDRESS and so on. */
async function connect(options: ExportOptions): Promise<Milvus> {
  const config = options.stack === undefined ? {} : await stackConfig(options);
  return Milvus.at(
    readSettings((name) => config[`milvus:${name}`], environmentOf()),
    new Run(),
  );
}

function wanted(state: Readonly<Record<string, unknown>>, { collection }: ExportOptions): boolean {
  return collection === undefined || collection.includes(String(state["collectionName"]));
}

/** What older servers and other products let in is not always what can be declared; it is said, not dropped. */
function declarable(resource: Listed, state: Readonly<Record<string, unknown>>): boolean {
  const inputs = Object.fromEntries(
    Object.entries(state).filter(([name]) => Object.hasOwn(resource.inputs, name)),
  );
  const { problems: found } = checkInputs(resource, inputs);
  // What no server gives back is left to the program.
  const problems = found.filter(({ property }) => !resource.inputs[property]?.secret);
  for (const { property, reason } of problems)
    log(`not exported: ${resource.kind} ${resource.id(state)}: ${property}: ${reason}`);
  return problems.length === 0;
}
