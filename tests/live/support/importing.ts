/** Stacks that objects of a server are imported into, whose programs are the code that Pulumi prints. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { runOrFail } from "../../../tools/programs";
import type { Workspace } from "../../../tools/stack";
import { environmentOf, type TestServer } from "../../support/servers";
import { withPlugin } from "./bundled";
import { withLanguages } from "./languages";
import { type Live, said, type StackOptions } from "./live";

/** In which Pulumi's own generators print here. */
export const PRINTED_IN = ["yaml", "ts"] as const;
export type PrintedIn = (typeof PRINTED_IN)[number];

/** What each piece of printed code begins with. */
const HEADERS: Readonly<Record<PrintedIn, RegExp>> = { yaml: /^resources:\n/, ts: /^(import .*\n)+\n*/ };

const CLI = join(__dirname, "..", "..", "..", "dist", "cli", "main.js");

/** For `pulumi import --file`. */
export interface ImportFile {
  readonly nameTable?: Readonly<Record<string, string>>;
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly id: string;
    readonly parent?: string;
    readonly provider?: string;
  }[];
}

const TSC = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--skipLibCheck"];

export class ImportingStack {
  constructor(
    readonly workspace: Workspace,
    private readonly language: PrintedIn,
    private text = "",
  ) {}

  static async in(
    language: PrintedIn,
    context: Live,
    options: StackOptions & { readonly program?: string } = {},
  ): Promise<ImportingStack> {
    const { program = "", ...others } = options;
    const env = await withLanguages(await withPlugin());
    return new ImportingStack(await context.stack(program, { ...others, language, env }), language, program);
  }

  /** `pulumi import`, with what it prints added to the program, as it is. Returns what a user reads. */
  async import(...what: readonly string[]): Promise<string> {
    const file = join(this.workspace.directory, "printed");
    const { stack } = this.workspace;
    const flags = ["--skip-preview", "--stack", stack, "--out", file];
    const result = await this.workspace.pulumi(["import", ...what, ...flags]);
    const printed = readFileSync(file, "utf8");
    this.program(this.text === "" ? printed : `${this.text}\n${printed.replace(HEADERS[this.language], "")}`);
    return said(result);
  }

  /** `pulumi import --file`. */
  importAll(file: ImportFile): Promise<string> {
    this.workspace.write("import.json", JSON.stringify(file));
    return this.import("--file", "import.json");
  }

  /** What `pulumi-milvus export --import` writes. */
  async exported(server: TestServer, ...flags: readonly string[]): Promise<ImportFile> {
    const file = join(this.workspace.directory, "exported.json");
    await runOrFail(process.execPath, [CLI, "export", "--import", "--out", file, ...flags], {
      env: { ...this.workspace.env, ...environmentOf(server) },
    });
    return JSON.parse(readFileSync(file, "utf8")) as ImportFile;
  }

  /** What a user does to the printed code. */
  edit(place: RegExp, edited: string): void {
    if (!place.test(this.text)) throw new Error(`the program has no ${place}:\n${this.text}`);
    this.program(this.text.replace(place, edited));
  }

  /** Throws where it does not compile. */
  async compile(): Promise<void> {
    if (this.language !== "ts") return;
    const { directory } = this.workspace;
    const compiler = require.resolve("typescript/bin/tsc");
    await runOrFail(process.execPath, [compiler, ...TSC, "index.ts"], { cwd: directory });
  }

  /** Which resources a preview would do what to. */
  async changes(): Promise<string[]> {
    const steps = (await this.workspace.plan()).filter(({ op }) => op !== "same");
    return steps.map(({ op, urn }) => `${op} ${urn.split("::").slice(2).join(" ")}`);
  }

  private program(text: string): void {
    this.text = text;
    this.workspace.program(text);
  }
}
