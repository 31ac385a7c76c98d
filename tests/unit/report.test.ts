import type { Facts, Judged } from "../../cli/preview/judge";
import type { Protector } from "../../provider/lifecycle/assessment";
import { lossOf } from "../../provider/resources/common/counts";
import { asMarkdown, MARKER } from "../../cli/preview/markdown";
import { plannedChanges } from "../../cli/preview/plan";
import { makeReport, type ReportInput } from "../../cli/preview/report";
import { asText } from "../../cli/preview/text";

const GITHUB_LIMIT = 65_536;

/** What protects it beside, where nothing is acknowledged. */
type Change = Judged & { readonly protectedBy?: Protector };

function change(over: Partial<Change>): Change {
  return {
    urn: "urn:pulumi:dev::test::pulumi-nodejs:dynamic/milvus:Partition::y2023",
    name: "y2023",
    kind: "Partition",
    operation: "delete",
    id: "default/documents/y2023",
    object: "partition y2023 of collection documents",
    reasons: [],
    ...over,
  };
}

function facts(over: Partial<Facts> = {}): Facts {
  return { exists: true, count: { kind: "exact", rows: 300 }, loaded: true, aliases: [], ...over };
}

/** Each with what is lost of it, as the assessment says it: tests/unit/policy.test.ts. */
function report(changes: Change[], over: Partial<ReportInput> = {}) {
  const acknowledgedOf = over.acknowledgedOf ?? (() => []);
  const assessed = changes.map(({ protectedBy, ...one }): Judged => {
    const { facts: known, id = "", object, provider, kind } = one;
    if (one.loss || !known?.exists || !known.count || kind === "Index") return one;
    const acknowledged = acknowledgedOf(provider).includes(id);
    const policy = { acknowledged, ...(!acknowledged && protectedBy && { protectedBy }) };
    const [loss] = lossOf({ id, object }, known.count).map((lost) => ({ ...lost, ...policy }));
    return { ...one, loss };
  });
  return makeReport({ changes: assessed, acknowledgedOf, ...over });
}

const collection = (over: Partial<Change> = {}) =>
  change({
    kind: "Collection",
    name: "documents",
    id: "default/documents",
    object: "collection documents",
    ...over,
  });

/** An alias that is to move to a collection that holds less. */
const MOVED = change({
  kind: "Alias",
  operation: "update",
  id: "default/documents",
  object: "alias documents",
  servesLess: { object: "alias documents", from: "docs_1", to: "docs_2", today: 1_200, would: 0 },
});

const CREATED = { operation: "create", id: undefined } as const;
const REFUSED = {
  inWords: "it holds 40 entities",
  refusal: "collection documents exists already and holds 40",
};

describe("what is to be made and exists already", () => {
  const standing = { inWords: "it holds 40 entities" };
  const made = report([
    collection({ ...CREATED, standing }),
    collection({ ...CREATED, object: "collection logs", standing: REFUSED }),
    collection({ ...CREATED, object: "collection new" }),
    collection({ ...CREATED, object: "collection far", unseen: "no answer within 8 s" }),
    change({ ...CREATED, kind: "Grant", object: "grant of Search", standing: { inWords: "" } }),
  ]);

  test("is told as what is taken over, with what it holds, or as refused, with the reason", () => {
    expect(made.additions.map(({ object, note }) => [object, note])).toEqual([
      ["collection documents", "exists already and is taken over; it holds 40 entities"],
      ["collection new", undefined],
      ["collection far", "what stands there could not be looked at: no answer within 8 s"],
      ["grant of Search", "exists already and is taken over"],
    ]);
    expect(made.refused).toEqual([
      expect.objectContaining({ object: "collection logs", because: REFUSED.refusal }),
    ]);
    expect(made.verdict).toBe("1 object exists already and would be refused");
  });

  test("is in the text and in the comment", () => {
    for (const text of [asText(made), asMarkdown(made)]) {
      expect(text).toContain("exists already and is taken over; it holds 40 entities");
      expect(text).toContain(REFUSED.refusal);
      expect(text).toMatch(/What exists already, and `pulumi up` refuses to take over/);
    }
  });
});

describe("the exit code", () => {
  test.each<[string, Change[], Partial<ReportInput>, number]>([
    ["0 when nothing changes", [], {}, 0],
    [
      "0 when what goes is empty for certain",
      [change({ facts: facts({ count: { kind: "exact", rows: 0 } }) })],
      {},
      0,
    ],
    ["0 when what goes is gone already", [change({ facts: facts({ exists: false }) })], {}, 0],
    ["0 when another resource takes over what goes", [change({ isTakenOver: true })], {}, 0],
    ["2 when data would be lost", [change({ facts: facts() })], {}, 2],
    ["2 when `up` refuses what exists already", [collection({ ...CREATED, standing: REFUSED })], {}, 2],
    [
      "0 when what exists already is taken over",
      [collection({ ...CREATED, standing: { inWords: "it holds 40 entities" } })],
      {},
      0,
    ],
    ["0 when nobody can say what stands there", [collection({ ...CREATED, unseen: "no answer" })], {}, 0],
    [
      "2 when nobody knows how much",
      [change({ facts: facts({ count: { kind: "unknown", flushedRows: 0 } }) })],
      {},
      2,
    ],
    [
      "0 when all of it is acknowledged",
      [change({ facts: facts() })],
      { acknowledgedOf: () => ["default/documents/y2023"] },
      0,
    ],
    ["3 when a server does not answer", [change({ unjudged: "connect ECONNREFUSED" })], {}, 3],
    [
      "2 when data is lost and another server is silent",
      [change({ facts: facts() }), change({ id: "x/y/z", unjudged: "?" })],
      {},
      2,
    ],
    ["2 when an alias would serve less", [MOVED], {}, 2],
    ["1 when the preview failed", [change({ facts: facts() })], { previewError: "bad dim" }, 1],
  ])("is %s", (_, changes, over, code) => {
    expect(report(changes, over).exitCode).toBe(code);
  });

  test("that an alias would serve less stands in the verdict, the text and the comment", () => {
    const told = report([MOVED]);
    const words = "alias documents would serve 0 entities, today 1,200 (collection docs_2 instead of docs_1)";
    expect(told.verdict).toBe(words);
    expect(asText(told)).toContain(`\n  ${words}`);
    expect(asMarkdown(told)).toContain(`- ${words}`);
  });
});

describe("a loss", () => {
  test("is told with what is known of it, and with the exact command that acknowledges it", () => {
    const { losses, acknowledgeCommand } = report(
      [collection({ operation: "replace", reasons: ["fields"], facts: facts({ aliases: ["current"] }) })],
      { acknowledgedOf: () => ["default/other"], stack: "prod" },
    );
    expect(losses).toEqual([
      {
        id: "default/documents",
        object: "collection documents",
        operation: "replace",
        reasons: ["fields"],
        changes: [],
        entities: { kind: "exact", rows: 300 },
        entitiesInWords: "300 entities",
        loaded: true,
        aliases: ["current"],
        acknowledged: false,
      },
    ]);
    expect(acknowledgeCommand).toBe(
      `pulumi config set milvus:acknowledgedDataLoss '["default/other","default/documents"]' --stack prod`,
    );
  });

  test("is never told as a zero that nobody counted", () => {
    const unknown = report([
      change({ facts: facts({ count: { kind: "unknown", flushedRows: 0 }, loaded: false }) }),
    ]);
    expect(asText(unknown)).toContain("an unknown number of entities (not loaded: 0 rows were flushed");
    expect(unknown.verdict).toBe("1 object with data would be dropped: an unknown number of entities lost");
  });

  test("adds up to at least what is certain", () => {
    const some = report([
      change({ facts: facts() }),
      change({ id: "default/documents/y2022", facts: facts({ count: { kind: "at least", rows: 700 } }) }),
      change({ id: "default/documents/y2021", facts: facts({ count: { kind: "unknown", flushedRows: 9 } }) }),
    ]);
    expect(some.verdict).toBe("3 objects with data would be dropped: at least 1,000 entities lost");
  });

  test("of a collection is told once, not again for what stands in it", () => {
    const { losses, rest } = report([collection({ facts: facts() }), change({ facts: facts() })]);
    expect(losses.map(({ id }) => id)).toEqual(["default/documents"]);
    expect(rest).toEqual([
      expect.objectContaining({
        object: "partition y2023 of collection documents",
        note: "goes with its collection",
      }),
    ]);
  });

  test("that was acknowledged and does not happen is pointed out", () => {
    expect(report([change({ facts: facts() })], { acknowledgedOf: () => ["default/gone"] }).unneeded).toEqual(
      ["default/gone"],
    );
  });
});

test.each([
  ["setting", "milvus:protectData is on"],
  ["replacements", 'a replacement drops it (milvus:protectData is "replacements", the default)'],
] as const)(
  "a loss that the setting protectData protects (%s) is told as one that `pulumi up` refuses",
  (protectedBy, because) => {
    const told = report([change({ facts: facts(), protectedBy })]);
    expect(told).toMatchObject({
      exitCode: 2,
      kept: [],
      losses: [{ acknowledged: false, refusedBecause: because }],
    });
    expect(asText(told)).toContain(`loaded; \`pulumi up\` refuses it, because ${because}`);
    expect(asMarkdown(told)).toContain(`| **no**; refused, because ${because} |`);
  },
);

describe("a collection that protects its data", () => {
  const urn = "urn:collection";
  const kept = (over: Partial<Change> = {}) =>
    collection({
      urn,
      operation: "replace",
      reasons: ["fields"],
      protectedBy: "object",
      facts: facts(),
      ...over,
    });

  test("is no loss while that is not acknowledged, and told as what stays", () => {
    const told = report([kept()]);
    expect(told).toMatchObject({ exitCode: 0, losses: [], rest: [] });
    expect(told.acknowledgeCommand).toBeUndefined();
    expect(told.kept).toEqual([
      {
        id: "default/documents",
        object: "collection documents",
        operation: "replace",
        reasons: ["fields"],
        changes: [],
        entities: { kind: "exact", rows: 300 },
        entitiesInWords: "300 entities",
        loaded: true,
        aliases: [],
      },
    ]);
    expect(told.verdict).toBe(
      "no data would be lost; 1 object with data stays until acknowledged: 300 entities",
    );
    for (const text of [asText(told), asMarkdown(told)]) {
      expect(text).toContain(
        "Data that stays, as an error of `pulumi up` says, until its id is acknowledged",
      );
      expect(text).toContain(
        "default/documents: collection documents (replace, because of fields): 300 entities, loaded",
      );
    }
  });

  test("is a loss once that is acknowledged", () => {
    const told = report([kept()], { acknowledgedOf: () => ["default/documents"] });
    expect(told).toMatchObject({ exitCode: 0, kept: [], losses: [{ acknowledged: true }] });
    expect(told.verdict).toBe("300 entities would be lost, all of them acknowledged");
  });

  test("goes when it holds nothing", () => {
    const told = report([kept({ facts: facts({ count: { kind: "exact", rows: 0 } }) })]);
    expect(told).toMatchObject({ kept: [], losses: [], rest: [{ note: "holds no entities" }] });
    expect(told.verdict).toBe("no data would be lost");
  });

  test("keeps what goes with it, and not what is dropped by itself", () => {
    const told = report([
      kept(),
      change({ deletedWith: urn, facts: facts() }),
      change({ id: "default/documents/y2022", object: "partition y2022", facts: facts() }),
    ]);
    expect(told.rest).toMatchObject([
      { object: "partition y2023 of collection documents", note: "stays with its collection" },
    ]);
    expect(told.losses.map(({ id }) => id)).toEqual(["default/documents/y2022"]);
    expect(told.verdict).toBe(
      "1 object with data would be dropped: 300 entities lost; 1 object with data stays until acknowledged: 300 entities",
    );
  });
});

test("what the engine is asked to retain is no loss, nor is what stands in it", () => {
  const told = report([
    collection({ urn: "urn:collection", isRetained: true }),
    change({ deletedWith: "urn:collection", facts: facts() }),
  ]);
  expect(told).toMatchObject({ exitCode: 0, losses: [], kept: [] });
  expect(told.rest.map(({ note }) => note)).toEqual([
    "stays on the server, because of retainOnDelete",
    "stays with its collection",
  ]);
});

describe("what holds no data of its own", () => {
  const alias = (over: Partial<Judged>, known: Partial<Facts> = {}) =>
    change({
      kind: "Alias",
      id: "default/current",
      object: "alias current",
      facts: { exists: true, aliases: [], ...known },
      ...over,
    });

  test("is told with what stops working when it goes", () => {
    const { exitCode, interruptions, losses } = report([
      alias({ outage: "whoever searches through it finds nothing" }),
    ]);
    expect([exitCode, losses]).toEqual([0, []]);
    expect(interruptions).toEqual([
      expect.objectContaining({
        object: "alias current",
        consequence: "whoever searches through it finds nothing",
      }),
    ]);
  });

  test("is in the rest when nobody notices, or when it is gone", () => {
    expect(report([alias({})]).rest).toEqual([
      expect.objectContaining({ object: "alias current", note: "holds no data of its own" }),
    ]);
    expect(report([alias({}, { exists: false })]).rest).toEqual([
      expect.objectContaining({ object: "alias current", note: "is gone already" }),
    ]);
  });
});

describe("an index", () => {
  const index = (over: Partial<Judged>) =>
    change({
      kind: "Index",
      id: "default/documents/by_meaning",
      object: "index by_meaning of collection documents",
      ...over,
    });
  const built = facts({ indexType: "HNSW", onVector: true });

  test.each<[string, Judged, string | undefined]>([
    [
      "replaced while loaded says what is rebuilt",
      index({ operation: "replace", facts: built }),
      "cannot be searched until HNSW is built again over 300 entities",
    ],
    [
      "on vectors removed while loaded says that searches end",
      index({ facts: built }),
      "stops being searchable",
    ],
    [
      "on scalars removed while loaded says that searches pause",
      index({ facts: { ...built, onVector: false } }),
      "released and loaded again",
    ],
    [
      "of a collection that is not loaded interrupts nothing",
      index({ facts: { ...built, loaded: false } }),
      undefined,
    ],
  ])("%s", (_, one, consequence) => {
    const { interruptions, exitCode } = report([one]);
    expect(interruptions.map((each) => each.consequence)).toEqual(
      consequence === undefined ? [] : [expect.stringContaining(consequence)],
    );
    expect(exitCode).toBe(0);
  });
});

describe("what changes", () => {
  const [cause, other] = [
    { input: "fields", inWords: "fields.embedding.dim 8 -> 16" },
    { input: "description", inWords: 'description "a" -> "b"' },
  ];

  test("stands with a loss, and what changes beside it after that", () => {
    const told = report([
      collection({ operation: "replace", reasons: ["fields"], changes: [cause, other], facts: facts() }),
    ]);
    const why = 'because of fields.embedding.dim 8 -> 16; also description "a" -> "b"';
    expect(asText(told)).toContain(`+- collection documents (replace, ${why}): 300 entities, loaded`);
    expect(asMarkdown(told)).toContain(`| **replaced**, ${why} |`);
  });

  test("stands with what is changed in place, and a reason without paths by its name", () => {
    const update = change({ operation: "update", object: "alias current", changes: [cause, other] });
    const told = report([update, change({ operation: "update", object: "index i", reasons: ["params"] })]);
    expect(asText(told)).toContain(
      'alias current (update: fields.embedding.dim 8 -> 16, description "a" -> "b")\n' +
        "  index i (update, because of params)",
    );
  });

  test("stands with an interruption and with what could not be judged", () => {
    const index = change({
      kind: "Index",
      operation: "replace",
      object: "index i",
      reasons: ["params"],
      changes: [{ input: "params", inWords: "params.M 8 -> 16" }],
    });
    const told = report([
      { ...index, facts: facts({ indexType: "HNSW", onVector: true }) },
      { ...index, object: "index j", unjudged: "connect ECONNREFUSED" },
    ]);
    for (const text of [asText(told), asMarkdown(told)]) {
      expect(text).toMatch(
        /index i \(replace, because of params\.M 8 -> 16\): collection .* cannot be searched/,
      );
      expect(text).toContain("index j (replace, because of params.M 8 -> 16): connect ECONNREFUSED");
    }
  });

  test("of a whole schema is cut and counted", () => {
    const changes = Array.from({ length: 25 }, (_, at) => ({
      input: "fields",
      inWords: `fields.f${at} is new`,
    }));
    const text = asText(report([change({ operation: "update", changes })]));
    expect(text).toContain("fields.f9 is new and 15 more)");
    expect(text).not.toContain("fields.f10");
  });

  test("a note stands behind it, also of what is added", () => {
    const told = report([change({ operation: "create" })]);
    expect(told.additions).toEqual([
      { object: "partition y2023 of collection documents", operation: "create", reasons: [], changes: [] },
    ]);
    const noted = { ...told, additions: told.additions.map((one) => ({ ...one, note: "is there already" })) };
    const words = "partition y2023 of collection documents (create): is there already";
    expect(asText(noted)).toContain(words);
    expect(asMarkdown(noted)).toContain(words);
  });
});

describe("the command that acknowledges", () => {
  const losing = (count: number) =>
    report(
      Array.from({ length: count }, (_, at) => change({ id: `default/documents/y${at}`, facts: facts() })),
      { stack: "prod" },
    );
  const BY_FILE = "pulumi config set milvus:acknowledgedDataLoss --stack prod < acknowledged.json";

  test("of a few can be copied from the text and the comment", () => {
    const told = losing(10);
    const [text, markdown] = [asText(told), asMarkdown(told)];
    expect(text).toContain(`To lose this data on purpose:\n  ${told.acknowledgeCommand}`);
    expect(markdown).toContain(`To lose this data on purpose:\n\n\`\`\`sh\n${told.acknowledgeCommand}\n`);
    expect(told.acknowledgedDataLoss).toHaveLength(10);
  });

  test("of many goes by a file in the text, and is whole and folded in the comment", () => {
    const told = losing(60);
    expect(asText(told)).toContain(
      "To lose this data on purpose (60 ids: default/documents/y0, default/documents/y1, default/documents/y2 and 57 " +
        "more; --json has all):\n" +
        "  npx pulumi-milvus preview --stack prod --acknowledge-file acknowledged.json\n" +
        `  ${BY_FILE}`,
    );
    expect(asText(told)).not.toContain(told.acknowledgeCommand);
    expect(asMarkdown(told)).toContain(
      `<details><summary>To lose this data on purpose: 60 ids</summary>\n\n\`\`\`sh\n${told.acknowledgeCommand}\n\`\`\`\n\n</details>`,
    );
  });

  test("of more than a command line takes goes by a file in the comment as well", () => {
    const markdown = asMarkdown(losing(5_000));
    expect(markdown).toContain(
      "<details><summary>To lose this data on purpose: 5,000 ids</summary>\n\n```sh\n" +
        `npx pulumi-milvus preview --stack prod --acknowledge-file acknowledged.json\n${BY_FILE}\n`,
    );
  });

  test.each([
    ["ids.json", "ids.json"],
    ["my ids.json", "'my ids.json'"],
  ])("is one line where the ids were written to %s", (acknowledgeFile, quoted) => {
    const text = asText(losing(2), { acknowledgeFile });
    expect(text).toContain(
      `To lose this data on purpose:\n  pulumi config set milvus:acknowledgedDataLoss --stack prod < ${quoted}`,
    );
    expect(text).not.toContain("npx");
  });
});

describe("the comment on a pull request", () => {
  const many = (count: number) =>
    report(
      Array.from({ length: count }, (_, at) =>
        change({
          id: `default/${"long_".repeat(20)}collection/partition_${at}`,
          facts: facts({ aliases: ["one", "two"] }),
        }),
      ),
    );

  test("begins with the hidden marker and the verdict", () => {
    const [first, , second] = asMarkdown(report([change({ facts: facts() })])).split("\n");
    expect(first).toBe(MARKER);
    expect(second).toBe("### 🛑 Milvus: 1 object with data would be dropped: 300 entities lost");
  });

  test.each([500, 5_000])(
    "of %d losses stays under GitHub's limit, keeps its head and counts what it leaves out",
    (count) => {
      const markdown = asMarkdown(many(count));
      const rows = markdown.match(/\| \*\*deleted\*\* \|/g)?.length ?? 0;
      const left = Number(/… and ([\d,]+) more losses/.exec(markdown)?.[1]?.replace(",", ""));
      expect(markdown.length).toBeLessThan(GITHUB_LIMIT);
      expect(markdown).toContain(`${count.toLocaleString("en-US")} objects with data would be dropped`);
      expect(rows).toBeGreaterThan(20);
      expect(rows + left).toBe(count);
    },
  );

  test("has the error of a preview that failed, however long it is", () => {
    const markdown = asMarkdown(
      report([change({ facts: facts() })], { previewError: `bad dim ${"x".repeat(100_000)}` }),
    );
    expect(markdown).toContain("bad dim xxx");
    expect(markdown).toContain("| `default/documents/y2023` | **deleted** | 300 entities |");
    expect(markdown.length).toBeLessThan(GITHUB_LIMIT);
  });

  test("lets nothing out of its cell, its fold or its code block", () => {
    const markdown = asMarkdown(
      report([change({ object: "x", unjudged: "a | b </details> <script> ```" })], {
        previewError: "``` broken",
      }),
    );
    expect(markdown).toContain("a \\| b &lt;/details> &lt;script>");
    expect(markdown).toContain("````\n``` broken\n````");
  });
});

describe("a preview", () => {
  const type = "pulumi-nodejs:dynamic/milvus:Collection";
  const state = { type, id: "default/documents", provider: "p::1", outputs: { collectionName: "documents" } };

  test("plans what concerns Milvus objects and nothing else", () => {
    const planned = plannedChanges({
      steps: [
        { op: "same", urn: "urn:pulumi:dev::test::t::same", oldState: state },
        { op: "delete", urn: "urn:pulumi:dev::test::t::documents", oldState: state },
        {
          op: "replace",
          urn: "urn:pulumi:dev::test::t::logs",
          oldState: state,
          newState: { type, inputs: { dim: 8 } },
          replaceReasons: ["fields"],
        },
        { op: "create", urn: "urn:pulumi:dev::test::t::bucket", newState: { type: "aws:s3/bucket:Bucket" } },
        { op: "delete-replaced", urn: "urn:pulumi:dev::test::t::logs", oldState: state },
      ],
    });
    expect(planned.map(({ name, operation, reasons }) => [name, operation, reasons])).toEqual([
      ["documents", "delete", []],
      ["logs", "replace", ["fields"]],
    ]);
  });

  test("tells what an earlier run replaced and has yet to drop", () => {
    const before = { ...state, id: "default/documents_1" };
    const planned = plannedChanges({
      steps: [
        {
          op: "replace",
          urn: "urn:pulumi:dev::test::t::documents",
          oldState: state,
          newState: { type, inputs: {} },
        },
        { op: "delete-replaced", urn: "urn:pulumi:dev::test::t::documents", oldState: state },
        { op: "delete-replaced", urn: "urn:pulumi:dev::test::t::documents", oldState: before },
      ],
    });
    expect(planned.map(({ operation, id, reasons }) => [operation, id, reasons])).toEqual([
      ["replace", "default/documents", []],
      ["delete", "default/documents_1", ["an earlier replacement"]],
    ]);
  });

  test("tells a left-over of what the program has still from one of what left it", () => {
    const marked = { ...state, outputs: { ...state.outputs, declaredAs: "documents" } };
    const leftOver = { op: "delete-replaced", urn: "urn:pulumi:dev::test::t::documents", oldState: marked };
    const [kept] = plannedChanges({ steps: [leftOver] });
    const [gone] = plannedChanges({
      steps: [leftOver, { op: "delete", urn: "urn:pulumi:dev::test::t::documents", oldState: state }],
    });
    const [unmarked] = plannedChanges({ steps: [{ ...leftOver, oldState: state }] });
    expect([kept, gone, unmarked].map((one) => one?.isLeftOver)).toEqual([true, undefined, undefined]);
  });

  test("takes nothing for dropped that the program goes back to", () => {
    const before = { ...state, outputs: { databaseName: "default", collectionName: "documents_1" } };
    const planned = plannedChanges({
      steps: [
        {
          op: "replace",
          urn: "urn:pulumi:dev::test::t::documents",
          oldState: state,
          newState: { ...state, inputs: { databaseName: "default", collectionName: "documents_1" } },
        },
        {
          op: "delete-replaced",
          urn: "urn:pulumi:dev::test::t::documents",
          oldState: { ...before, id: "default/documents_1" },
        },
      ],
    });
    expect(planned[1]).toMatchObject({ operation: "delete", isTakenOver: true });
  });

  test("passes on what the engine retains, and what goes with another resource", () => {
    const [planned] = plannedChanges({
      steps: [
        {
          op: "delete",
          urn: "urn:pulumi:dev::test::t::logs",
          oldState: { ...state, retainOnDelete: true, deletedWith: "urn:pulumi:dev::test::t::docs" },
        },
      ],
    });
    expect(planned).toMatchObject({ isRetained: true, deletedWith: "urn:pulumi:dev::test::t::docs" });
  });

  test("without steps plans nothing", () => {
    expect(plannedChanges({})).toEqual([]);
  });
});
