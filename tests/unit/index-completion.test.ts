/** What an editor completes, shows and refuses in the arguments of an Index, from the types that programs read. */
import * as path from "node:path";

import * as ts from "typescript";

import { INDEX_TYPE_NAMES, INDEX_TYPES } from "../../provider/resources/index-types/types";

/** Beside the SDK, so that it is imported as it is. */
const FILE = path.join(__dirname, "..", "..", "sdk", "nodejs", "a-program-of-the-test.ts");
const HEAD = `import * as pulumi from "@pulumi/pulumi";
import * as milvus from "./index";
declare const text: string;
declare const output: pulumi.Output<string>;
declare const record: Record<string, unknown>;
const on = { collection: "documents", fieldName: "embedding" };
`;

let program = "";
let version = 0;
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
};
const editor = ts.createLanguageService({
  getCompilationSettings: () => OPTIONS,
  getScriptFileNames: () => [FILE],
  getScriptVersion: (name) => (name === FILE ? String(version) : "0"),
  getScriptSnapshot: (name) => {
    const source = name === FILE ? program : ts.sys.readFile(name);
    return source === undefined ? undefined : ts.ScriptSnapshot.fromString(source);
  },
  getCurrentDirectory: () => path.dirname(FILE),
  getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
  fileExists: (name) => name === FILE || ts.sys.fileExists(name),
  readFile: (name) => ts.sys.readFile(name),
  readDirectory: (...args) => ts.sys.readDirectory(...args),
  directoryExists: (name) => ts.sys.directoryExists(name),
});

function edit(source: string): number {
  const at = source.indexOf("|");
  program = HEAD + (at < 0 ? source : source.slice(0, at) + source.slice(at + 1));
  version++;
  return HEAD.length + at;
}

/** Every input may be an output, whose members are offered as well. */
const OF_OUTPUTS = ["apply", "get"];

/** What is offered at the `|`. */
function completed(source: string): string[] {
  return offeredAt(edit(source));
}

function offeredAt(at: number): string[] {
  const found = editor.getCompletionsAtPosition(FILE, at, {});
  const names = (found?.entries ?? []).map(({ name }) => name);
  return names.filter((name) => !OF_OUTPUTS.includes(name)).sort();
}

function errors(source: string): string[] {
  edit(source);
  return editor
    .getSemanticDiagnostics(FILE)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

const anIndex = (args: string): string => `new milvus.Index("i", { ...on, ${args} });`;

test("every index type is completed", () => {
  expect(completed(anIndex(`indexType: "|"`))).toEqual([...INDEX_TYPE_NAMES].sort());
});

test.each([
  ["HNSW", ["COSINE", "HAMMING", "IP", "L2"]],
  ["SPARSE_INVERTED_INDEX", ["BM25", "IP"]],
  ["BIN_FLAT", ["HAMMING", "JACCARD"]],
])("the metrics of %s are completed", (indexType, metrics) => {
  const offered = completed(anIndex(`indexType: "${indexType}", metricType: "|"`));
  expect(offered).toEqual(expect.arrayContaining(metrics));
  expect(offered.includes("BM25")).toBe(metrics.includes("BM25"));
});

test("the parameters of each type are completed, and no others", () => {
  const lines = INDEX_TYPE_NAMES.map((name) => anIndex(`indexType: "${name}", params: { /* ${name} */ }`));
  edit(lines.join("\n"));
  const offered = INDEX_TYPE_NAMES.map((name) => [name, offeredAt(program.indexOf(`/* ${name} */`))]);
  expect(offered).toEqual(
    Object.entries(INDEX_TYPES).map(([name, { params }]) => [name, Object.keys(params).sort()]),
  );
});

test("a parameter says what it means, its range and its default", () => {
  const at = edit(anIndex(`indexType: "HNSW", params: { |M: 16 }`));
  const shown = editor.getQuickInfoAtPosition(FILE, at);
  expect(ts.displayPartsToString(shown?.documentation)).toBe(
    "Connections of a node. HNSW, HNSW_SQ, HNSW_PQ, HNSW_PRQ: 2 to 2,048, default 30.",
  );
});

test.each([
  `indexType: "HNSW", metricType: "COSINE", params: { M: 16, efConstruction: 200 }`,
  `indexType: "HNSW", params: { M: 16, nlist: 5, made_up: { deep: true }, "mmap.enabled": true }`,
  `indexType: "OF_TOMORROW", metricType: "OF_TOMORROW", params: { of_tomorrow: 1 }`,
  `indexType: text, metricType: text, params: record`,
  `indexType: output, metricType: output, params: { M: output.apply(Number), max_degree: output }`,
  `indexType: Promise.resolve("HNSW"), params: pulumi.output({ M: 16 })`,
  `indexType: text === "" ? "HNSW" : "IVF_FLAT", params: text === "" ? { M: 16 } : { nlist: 5 }`,
  `indexType: "DISKANN", params: { max_degree: "56", search_list_size: 100 }`,
  `indexType: "SCANN", params: { with_raw_data: true }`,
])("compiles: %s", (args) => expect(errors(anIndex(args))).toEqual([]));

test("arguments of an Index can be held, extended and passed on", () => {
  const held = `
    interface More extends milvus.IndexArgs { readonly label: string }
    declare const more: More;
    const args: milvus.IndexArgs = { ...on, indexType: text, params: { M: 16 } };
    const known: milvus.KnownIndexArgs = { ...on, indexType: "HNSW", params: { M: 16 } };
    for (const one of [more, args, known]) new milvus.Index("i", one);
    declare const made: milvus.Index;
    new milvus.Index("j", { ...args, indexType: made.indexType.apply((type) => type ?? ""), params: made.params });`;
  expect(errors(held)).toEqual([]);
});

test.each([
  [`indexType: "HNSW", params: { M: [16] }`, /not assignable to type 'Input<number> \| undefined'/],
  [`indexType: 5`, /not assignable/],
  [`indextype: "HNSW"`, /Did you mean to write 'indexType'/],
])("does not compile: %s", (args, error) => expect(errors(anIndex(args)).join("\n")).toMatch(error));
