/** What the compiler says of programs that import this package. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as ts from "typescript";

const ROOT = join(__dirname, "..", "..");

/** Of sources in memory, as files of the repository's root. */
export function typeErrors(sources: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), (file) => readFileSync(file, "utf8")) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const sdk = join(ROOT, "sdk", "nodejs");
  Object.assign(options, {
    noEmit: true,
    declaration: false,
    noUnusedLocals: false,
    paths: { "pulumi-milvus": [join(sdk, "index.ts")], "pulumi-milvus/plugin": [join(sdk, "plugin.ts")] },
  });
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => sources.has(file) || disk.fileExists(file),
    readFile: (file) => sources.get(file) ?? disk.readFile(file),
    getSourceFile: (file, version) => {
      const source = sources.get(file);
      return source === undefined
        ? disk.getSourceFile(file, version)
        : ts.createSourceFile(file, source, version);
    },
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  return [...sources.keys()]
    .map((file) => program.getSourceFile(file))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
}
