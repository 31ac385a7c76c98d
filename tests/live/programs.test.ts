/** The kinds of programs that Pulumi runs on Node: TypeScript, JavaScript, ESM; and where they find the package. */
import * as fs from "node:fs";
import * as path from "node:path";

import type { OperationResult } from "../../tools/stack";
import { FIELDS, live, program, said, type StackOptions, stackLines } from "./support/live";
import { describeOfDynamic } from "./support/of-dynamic";

const context = live();
const { milvus } = context;

const body = `
  const docs = new milvus.Collection("docs", { collectionName: "NAME", fields: ${FIELDS} });
  new milvus.Partition("y2024", { collection: docs });
`;
const commonJs = `const milvus = require("pulumi-milvus"); ${body} exports.collectionId = docs.collectionId;`;
const esModule = `import * as milvus from "pulumi-milvus"; ${body} export const collectionId = docs.collectionId;`;
const typeScript = `
  import * as milvus from "pulumi-milvus";
  const args: milvus.CollectionArgs = { fields: ${FIELDS}, collectionName: "NAME" };
  const docs: milvus.Collection = new milvus.Collection("docs", args);
  new milvus.Partition("y2024", { collection: docs, timeouts: { create: 60 } });
  export const collectionId = docs.collectionId.apply((id: string) => id);
`;

const manifest = (more: object): string => JSON.stringify({ name: "test", private: true, ...more });

const KINDS: [kind: string, text: string, options: StackOptions][] = [
  ["TypeScript", typeScript, { language: "ts" }],
  ["JavaScript", commonJs, {}],
  ["JavaScript with ES modules", esModule, { files: { "package.json": manifest({ type: "module" }) } }],
  [
    "a file of its own, an ES module",
    'import "./app.mjs";',
    { files: { "package.json": manifest({ main: "app.mjs" }), "app.mjs": esModule } },
  ],
];

describe.each(KINDS)("A program in %s", (kind, text, { files = {}, ...options }) => {
  const collection = context.name(kind.replaceAll(/\W/g, "_"));
  const named = (one: string): string => one.replaceAll("NAME", collection);

  test("makes a collection and a partition, and exports what it says", async () => {
    const stack = await context.stack(named(text), {
      ...options,
      files: Object.fromEntries(Object.entries(files).map(([name, one]) => [name, named(one)])),
    });
    await stack.up();
    expect(await milvus.partitions(collection)).toEqual(["y2024"]);
    expect(await stack.outputs()).toEqual({ collectionId: await milvus.collectionId(collection) });
  });
});

/** Over the plugin nobody looks for it from there. */
describeOfDynamic("A program that gets pulumi-milvus only through another package", () => {
  let result: OperationResult;
  let directory: string;
  beforeAll(async () => {
    const stack = await context.stack(
      program().replace(/^.*"pulumi-milvus".*$/m, "") +
        `require("wrapper").collection("docs", { collectionName: "${context.name("hidden")}", fields: ${FIELDS} });`,
      {
        files: {
          "node_modules/wrapper/package.json": JSON.stringify({ name: "wrapper", main: "index.js" }),
          "node_modules/wrapper/index.js":
            'const milvus = require("pulumi-milvus");\n' +
            "exports.collection = (name, args) => new milvus.Collection(name, args);",
        },
      },
    );
    directory = stack.directory;
    const modules = path.join(directory, "node_modules");
    fs.mkdirSync(path.join(modules, "wrapper", "node_modules"));
    fs.renameSync(
      path.join(modules, "pulumi-milvus"),
      path.join(modules, "wrapper", "node_modules", "pulumi-milvus"),
    );
    result = await stack.preview({ expectFailure: true });
  });

  test("fails at preview", () => {
    expect(result.code).not.toBe(0);
  });

  test("is told plainly what is missing, where, and what to do", () => {
    const text = said(result);
    expect(text).toContain("pulumi-milvus cannot be found from");
    expect(text).toContain(path.basename(directory));
    expect(text).toContain("npm install pulumi-milvus");
  });

  test("is shown where in the program, and nothing of the insides of the packages", () => {
    expect(stackLines(result).filter((line) => !line.includes(directory))).toEqual([]);
  });
});
