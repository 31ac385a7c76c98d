/** Wrong programs and programs with secrets through the real engine: what a user reads, and what is never printed. */
import type { OperationResult, Workspace } from "../../tools/stack";
import { FIELDS, HNSW, live, program, said, stackLines } from "../live/support/live";
import { UNKNOWN } from "../support/declared";
import { type CountingListener, countingListener } from "./support/middleboxes";
import { full, tried } from "./support/tally";

const context = live();
const { milvus } = context;
const TOKEN = "root:S3CRET-token";
// The engine's own lines end in line feeds; colours were switched off.
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

const ID = `{ name: "id", dataType: "Int64", isPrimaryKey: true }`;
const VECTOR = `{ name: "embedding", dataType: "FloatVector", dim: 8 }`;
const GOOD = `const good = new milvus.Collection("good", { fields: [${ID}, ${VECTOR}] });`;
const SECRET = "const secret = (value) => pulumi.secret(value);";

interface Mistakes {
  readonly declared: string;
  /** Property and words of the rule or the way out, of each. */
  readonly told: readonly (readonly [property: string, words: string])[];
}

/** The engine stops at the first resource that it finds wrong, so each program has one, with much wrong in it. */
const PROGRAMS: Readonly<Record<string, Mistakes>> = {
  "names that would be obeyed by a terminal or a shell": {
    declared: `new milvus.Partition("wrong", {
      collection: "a b\\u001b[31mRED\\u001b[0m\\u0007\\u202e\\r\\nerror: all is well",
      partitionName: "'; DROP TABLE docs; --",
      ["x\\u001b]0;title\\u0007\\n"]: 1,
    });`,
    told: [
      ["collectionName", "a collection name has letters, digits and underscores only"],
      ["partitionName", "a partition name has letters, digits and underscores only"],
      ['"x\\u001b]0;title\\u0007\\n"', "there is no such input"],
    ],
  },
  "secrets wherever they do not fit": {
    declared: `${SECRET} new milvus.Collection("wrong", {
      collectionName: secret("S3CRET-name"), databaseName: secret("S3CRET-database"), description: secret(5551234),
      fields: [${ID}, ${VECTOR}, { name: secret("S3CRET-field"), dataType: secret("S3CRET-type"), maxLength: secret("S3CRET-length") }],
      functions: secret("S3CRET-functions"), enableDynamicField: secret("S3CRET-flag"),
      consistencyLevel: secret(${JSON.stringify("S3CRET".repeat(50))}), shardsNum: secret("S3CRET-number"),
      numPartitions: secret({ deep: ["S3CRET-deep"] }), properties: { a: secret(["S3CRET-property"]) },
      timeouts: secret({ create: "S3CRET-create" }), adopt: secret(1), misspelt: secret("S3CRET-misspelt"),
    });`,
    told: [
      ["collectionName", "cannot be a secret, because it stands in ids, logs and errors"],
      ["databaseName", "cannot be a secret"],
      ["description", "must be a string, not a number"],
      ["fields[2].name", '"[secret]": a field name has letters, digits and underscores only'],
      ["fields[2].dataType", '"[secret]" is not one of Bool'],
      ["shardsNum", 'must be a whole number, not "[secret]"'],
      ["timeouts.create", 'must be a whole number, not "[secret]"'],
    ],
  },
  "secrets in an index": {
    declared: `${SECRET} ${GOOD} new milvus.Index("wrong", {
      collection: good, indexName: secret("S3CRET_index"), fieldName: secret("S3CRET-field"),
      indexType: secret("S3CRET-type"), metricType: secret("S3CRET-metric"), params: secret({ M: "S3CRET-M", nlist: 5551234 }),
    });`,
    told: [
      ["indexName", "cannot be a secret"],
      ["params.M", 'must be a whole number, not "[secret]"'],
      ["params.nlist", "must be 65536 or less, not [secret]"],
    ],
  },
  "secrets for names that would fit": {
    declared: `${SECRET} new milvus.Partition("wrong", {
      collection: secret("S3CRET_collection"), partitionName: pulumi.interpolate\`\${secret("S3CRET_partition")}\`,
    });`,
    told: [
      ["collection", "cannot be a secret"],
      ["partitionName", "cannot be a secret"],
    ],
  },
  "values that are not known yet beside mistakes": {
    declared: `${GOOD} new milvus.Collection("wrong", {
      description: good.collectionId, fields: [${ID}, { name: "v", dataType: "FloatVektor", dim: good.collectionId }],
      properties: { a: good.collectionId }, enableDynamicField: { on: [good.collectionId] }, what: good.collectionId,
    });`,
    told: [
      ["fields[1].dataType", 'did you mean "FloatVector"?'],
      ["enableDynamicField", "must be true or false"],
      ["what", "there is no such input"],
    ],
  },
  "huge, deep, sparse and odd values": {
    declared: `let deep = 1; for (let level = 0; level < 200; level++) deep = { deep };
    const fields = [${ID}, ${VECTOR}]; fields[4] = { name: "far", dataType: "Int64" };
    new milvus.Collection("wrong", {
      collectionName: "n".repeat(1_000_000), fields, properties: { a: null, b: NaN, ["k".repeat(10_000)]: [] },
      shardsNum: Infinity, functions: [[]], timeouts: { create: -0.5 }, constructor: 1, ["n".repeat(100_000)]: deep,
      prototype: 1, toString: 1,
    });`,
    told: [
      ["collectionName", "must have at most 255 characters, has 1000000"],
      ["fields[2]", "must be an object, not null"],
      ["properties.b", "must be a string, not NaN"],
      ["shardsNum", "must be a whole number, not Infinity"],
      ["constructor", "there is no such input"],
    ],
  },
  "five thousand wrong fields": {
    declared: `new milvus.Collection("wrong", {
      fields: Array.from({ length: 5_000 }, (_, at) => ({ name: "f" + at, dataType: "VarChar" })),
    });`,
    told: [
      ["fields", "need a primary key"],
      ["fields[0].maxLength", "is required for VarChar"],
      ["and 4952 more problems", "reported once these are fixed"],
    ],
  },
  "a Provider whose address has credentials": {
    declared: `const provider = new milvus.Provider("server", { address: "https://root:S3CRET-pass@host:19530", token: "S3CRET-other" });
    new milvus.Partition("wrong", { collection: "documents" }, { provider });`,
    told: [
      [
        "",
        "the Milvus address must be HOST, HOST:PORT, http://HOST:PORT or https://HOST:PORT, without credentials",
      ],
    ],
  },
  "a Provider with half of its credentials": {
    declared: `const provider = new milvus.Provider("server", { address: "host:19530", password: "S3CRET-pass", protectData: true });
    new milvus.Partition("wrong", { collection: "documents" }, { provider });`,
    told: [["", "Milvus username and password go together: one of them is missing"]],
  },
  "an id of another kind of object": {
    declared: `milvus.Partition.get("wrong", "S3CRET\\u001b[31m".replace("S3CRET", "documents"));`,
    told: [["", "is not an id: it must be DATABASE/COLLECTION/NAME or COLLECTION/NAME"]],
  },
};

let listener: CountingListener;
beforeAll(async () => {
  listener = await countingListener();
});
afterAll(() => listener.close());

/** One of every kind; the others run in the full form. */
const SAMPLE: Readonly<Record<string, readonly Command[]>> = {
  "names that would be obeyed by a terminal or a shell": ["preview"],
  "secrets wherever they do not fit": ["preview", "up"],
  "values that are not known yet beside mistakes": ["preview"],
  "huge, deep, sparse and odd values": ["preview"],
  "a Provider whose address has credentials": ["preview"],
};
type Command = "preview" | "up";
/** What makes something that is sound first would reach for the server at up. */
const allOf = (declared: string): readonly Command[] =>
  declared.includes(GOOD) ? ["preview"] : ["preview", "up"];

const CASES = Object.entries(PROGRAMS)
  .map(([name, mistakes]) => ({
    name,
    ...mistakes,
    commands: full ? allOf(mistakes.declared) : (SAMPLE[name] ?? []),
  }))
  .filter(({ commands }) => commands.length > 0);

test("The sample is of programs that there are", () => {
  expect(Object.keys(PROGRAMS)).toEqual(expect.arrayContaining(Object.keys(SAMPLE)));
});

describe.each(CASES)("A program with $name", ({ name, declared, told, commands }) => {
  let stack: Workspace;

  beforeAll(async () => {
    stack = await context.stack(program(declared), {
      config: { "milvus:address": listener.address, "milvus:token": { secret: TOKEN } },
    });
  });

  test.each(commands)(
    "fails at %s with the property, the rule and the way out, and prints nothing that it must not",
    (command) =>
      tried("bad program", `${name}: ${command}`, async () => {
        const before = listener.connections();
        const result = await stack[command]({ expectFailure: true });
        expect(result.code).not.toBe(0);
        const text = said(result);
        for (const [property, words] of told) {
          const lines = text
            .split("\n")
            .filter((line) => line.includes(`${property}`) && line.includes(words));
          expect({ property, words, text, found: lines.length > 0 }).toEqual({
            property,
            words,
            text,
            found: true,
          });
        }
        expect(text).not.toMatch(/S3CRET|5551234|5\.551234e/);
        expect(text).not.toContain(UNKNOWN);
        expect(text).not.toMatch(CONTROL);
        expect(text.length).toBeLessThan(100_000);
        expect(stackLines(result)).toEqual([]);
        // Of what is sound and new, a preview asks whether it is there already.
        if (!declared.includes(GOOD)) expect(listener.connections()).toBe(before);
      }),
  );
});

describe("A stack with secrets where they may be", () => {
  const docs = context.name("docs");
  const declaring = (description: string, property: string): string =>
    program(
      SECRET,
      `const docs = new milvus.Collection("documents", {
         collectionName: "${docs}", fields: [...${FIELDS}, { name: secret("S3CRET_field"), dataType: "Int64" }],
         description: secret("${description}"), version: "${description.length}", properties: { "custom.key": secret("${property}") },
       });`,
      `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW.replace("M: 8", "M: secret(8)")} });`,
    );
  let stack: Workspace;
  const results: [string, OperationResult][] = [];
  const step = async (name: string, run: Promise<OperationResult>): Promise<OperationResult> => {
    const result = await run;
    results.push([name, result]);
    return result;
  };
  let state: string;
  let refreshed: OperationResult;

  beforeAll(async () => {
    stack = await context.stack(declaring("S3CRET description", "S3CRET property"));
    await step("preview", stack.preview({ args: ["--diff"] }));
    await step("up", stack.up({ args: ["--diff"] }));
    state = JSON.stringify(await stack.stackExport());
    await milvus.setProperties(docs, { "custom.key": "S3CRET changed by somebody" });
    refreshed = await step("refresh", stack.refresh({ args: ["--diff"] }));
    await step("up that changes it back", stack.up({ args: ["--diff"] }));
    stack.program(declaring("S3CRET description", "S3CRET other property"));
    await step("up in place", stack.up({ args: ["--diff"] }));
    if (full) {
      stack.program(declaring("S3CRET other description", "S3CRET other property"));
      await step("up that replaces", stack.up({ args: ["--diff"] }));
    }
    await step("destroy", stack.destroy());
  });

  test("is run with them, and none of its commands prints one", () =>
    tried("secrets of a run", "up, refresh, change, destroy", async () => {
      for (const [name, result] of results) {
        expect([name, result.code]).toEqual([name, 0]);
        expect([name, said(result).includes("S3CRET")]).toEqual([name, false]);
      }
      expect(await milvus.exists(docs)).toBe(false);
    }));

  test("keeps them encrypted in its state", () => {
    expect(state).toContain(docs);
    expect(state).not.toContain("S3CRET");
  });

  test("says at refresh that one was changed, not what it is", () => {
    expect(said(refreshed)).toContain(
      `collection ${docs}: properties is another on the server than in the state; it is a secret and not shown`,
    );
  });
});
