/** The kinds of programs that Pulumi runs on Node: TypeScript, JavaScript, ESM; and where they find the package. */
import * as fs from "node:fs";
import * as path from "node:path";

import type { OperationResult, WorkspaceOptions } from "../../tools/stack";
import { FIELDS, live, program, said, stackLines } from "./support/live";

const context = live();
const { milvus } = context;

const MODULE = JSON.stringify({ name: "test", private: true, type: "module" });

const declared = (collection: string): string =>
  `export const docs = new milvus.Collection("docs", { collectionName: "${collection}", fields: ${FIELDS} });
   new milvus.Partition("y2024", { collection: docs });
   export const collectionId = docs.collectionId;`;

const KINDS: [name: string, text: string, options: WorkspaceOptions][] = [
  [
    "typescript",
    `import * as milvus from "pulumi-milvus";
     const args: milvus.CollectionArgs = { fields: ${FIELDS}, collectionName: "NAME" };
     const docs: milvus.Collection = new milvus.Collection("docs", args);
     new milvus.Partition("y2024", { collection: docs, timeouts: { create: 60 } });
     export const collectionId = docs.collectionId.apply((id: string) => id);`,
    { language: "ts" },
  ],
  [
    "javascript",
    `const milvus = require("pulumi-milvus"); ${declared("NAME").replaceAll(/export const (\w+)/g, "const $1 = exports.$1")}`,
    {},
  ],
  [
    "es_module",
    `import * as milvus from "pulumi-milvus"; ${declared("NAME")}`,
    { files: { "package.json": MODULE } },
  ],
];

describe.each(KINDS)("A program in %s", (kind, text, options) => {
  const collection = context.name(kind);
  test("makes a collection and a partition", async () => {
    const stack = await context.stack(text.replaceAll("NAME", collection), options);
    await stack.up();
    expect(await milvus.partitions(collection)).toEqual(["y2024"]);
    expect(await stack.outputs()).toMatchObject({ collectionId: await milvus.collectionId(collection) });
  });
});

describe("A program that gets pulumi-milvus only through another package", () => {
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
