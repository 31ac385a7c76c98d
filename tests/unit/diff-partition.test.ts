import { partition } from "../../provider/resources/partition";
import { collectionKey } from "../../provider/resources/in-collection/decided";
import { Run } from "../../provider/run";
import { configured, UNKNOWN, type Values } from "../support/declared";
import { diffCases, decisionOf, describeDiffOf, type DiffTable, type Outcome } from "../support/diff-table";

const PROGRAM = {
  collectionName: "documents",
  collectionId: "447",
  databaseName: "default",
  partitionName: "y2024",
};
const STATE = { ...PROGRAM, partitionId: "448" };

const { input, timeout } = diffCases(STATE, PROGRAM);

const table: DiffTable = {
  // The id is the same: the collection was renamed, and its partitions went along.
  collectionName: input("collectionName", "update", ["documents", "papers"]),
  collectionId: input("collectionId", "replace", ["447", "500"], { leftOut: ["447", ""] }),
  databaseName: input("databaseName", "replace", ["default", "app"]),
  partitionName: input("partitionName", "replace", ["y2024", "y2025"]),
  declaredCollection: input("declaredCollection", "none", [undefined, { partitionKeyField: "tenant" }]),
  adopt: input("adopt", "none", [undefined, true]),
  timeouts: input("timeouts", "none", [{}, { create: 5 }], { leftOut: [{ create: 5 }] }),
  "timeouts.create": timeout("create"),
  "timeouts.update": timeout("update"),
  "timeouts.delete": timeout("delete"),
};

let run: Run;
beforeEach(() => {
  run = new Run();
});

const diffOf = (olds: Values, news: Values) => decisionOf(partition, olds, news, run);

describe("diff of a Partition", () => {
  describeDiffOf(partition.inputs, table);

  test("asks no server for what does not replace", async () => {
    const provider = await configured(partition, {});
    const nothing = { changes: false, replaces: [], deleteBeforeReplace: false };
    expect(
      await provider.diff?.("id", { ...STATE, __provider: "old" }, { ...PROGRAM, __provider: "new" }),
    ).toEqual(nothing);
    expect(await provider.diff?.("id", STATE, { ...PROGRAM, collectionName: "papers" })).toEqual({
      ...nothing,
      changes: true,
    });
  });
});

describe("a Partition of a collection given by name", () => {
  const { collectionId: _, ...named } = PROGRAM;

  test("is the same when it was given as a resource before, and the other way round", async () => {
    expect((await diffOf(STATE, named)).outcome).toBe("none");
    expect((await diffOf({ ...STATE, collectionId: "" }, named)).outcome).toBe("none");
    expect((await diffOf({ ...STATE, collectionId: "" }, { ...PROGRAM, collectionId: "" })).outcome).toBe(
      "none",
    );
  });

  test("is another one in another collection, which is made first", async () => {
    expect(await diffOf(STATE, { ...named, collectionName: "papers" })).toMatchObject({
      outcome: "replace",
      deleteBeforeReplace: false,
    });
  });
});

describe("a Partition of a collection whose id is not known yet", () => {
  /** Each with a collection of its own: what a run decided is remembered for the whole process. */
  const stateIn = (collectionId: string, collectionName = "documents"): Values => ({
    ...STATE,
    collectionId,
    collectionName,
  });
  const programIn = (collectionName: string): Values => ({
    ...PROGRAM,
    collectionName,
    collectionId: UNKNOWN,
  });

  test.each<[string, string, "replace" | "update" | "none", string, Outcome]>([
    ["is replaced with its collection", "1001", "replace", "documents", "replace"],
    ["stays when its collection is changed in place", "1002", "update", "documents", "none"],
    ["follows its renamed collection in place", "1003", "update", "papers", "update"],
    ["follows a name that is not known yet either", "1004", "update", UNKNOWN, "update"],
    ["stays when its collection does", "1005", "none", "documents", "none"],
  ])("%s", async (_what, id, decision, collectionName, outcome) => {
    run.decisions.remember(collectionKey({ databaseName: "default", collectionId: id }), decision);
    expect((await diffOf(stateIn(id), programIn(collectionName))).outcome).toBe(outcome);
  });

  test.each<["update" | "none"]>([["update"], ["none"]])(
    "is another one when it is given another collection by name, while its own one sees: %s",
    async (decision) => {
      const collectionId = `1020${decision}`;
      run.decisions.remember(collectionKey({ databaseName: "default", collectionId }), decision, "renamed");
      const named = { ...PROGRAM, collectionId: undefined };
      const state = stateIn(collectionId);
      expect((await diffOf(state, { ...named, collectionName: "renamed" })).outcome).toBe("update");
      expect(await diffOf(state, { ...named, collectionName: "papers" })).toMatchObject({
        outcome: "replace",
        deleteBeforeReplace: false,
      });
    },
  );

  test("goes by the name when the run did not look at the collection", async () => {
    expect((await diffOf(stateIn("1006"), programIn("documents"))).outcome).toBe("none");
    expect((await diffOf(stateIn("1006"), programIn("papers"))).outcome).toBe("replace");
    expect((await diffOf(stateIn("1006"), programIn(UNKNOWN))).outcome).toBe("replace");
  });

  test("goes by the collection's name on a server that gives no ids", async () => {
    run.decisions.remember(
      collectionKey({ databaseName: "default", collectionId: "", collectionName: "lite_a" }),
      "update",
    );
    run.decisions.remember(
      collectionKey({ databaseName: "default", collectionId: "", collectionName: "lite_b" }),
      "replace",
    );
    const renamed = { ...PROGRAM, collectionName: "papers", collectionId: "" };
    expect((await diffOf(stateIn("", "lite_a"), renamed)).outcome).toBe("update");
    expect(
      (await diffOf(stateIn("", "lite_b"), { ...renamed, collectionName: "lite_b", collectionId: UNKNOWN }))
        .outcome,
    ).toBe("replace");
  });

  test("believes a known id rather than what was decided", async () => {
    run.decisions.remember(collectionKey({ databaseName: "default", collectionId: "1007" }), "replace");
    const program = { ...PROGRAM, collectionName: "papers" };
    expect((await diffOf(stateIn("1007"), { ...program, collectionId: "1007" })).outcome).toBe("update");
    expect((await diffOf(stateIn("1007"), { ...program, collectionId: "2007" })).outcome).toBe("replace");
  });
});

describe("the order of a Partition's replacement", () => {
  test.each<[string, Values, boolean]>([
    ["deletes first when the collection is another one of the same name", { collectionId: "500" }, true],
    ["creates first under another name", { partitionName: "y2025" }, false],
    ["creates first in another collection", { collectionName: "papers", collectionId: "500" }, false],
    ["creates first in another database", { databaseName: "app" }, false],
  ])("%s", async (_what, change, deleteBeforeReplace) => {
    expect(await diffOf(STATE, { ...PROGRAM, ...change })).toMatchObject({
      outcome: "replace",
      deleteBeforeReplace,
    });
  });
});

describe("delete of a Partition whose collection is being replaced in the same run", () => {
  test("needs no server: it goes with the collection", async () => {
    run.decisions.remember(collectionKey({ databaseName: "default", collectionId: "1008" }), "replace");
    const provider = await configured(partition, { address: "127.0.0.1:1" }, run);
    await expect(provider.delete?.("id", { ...STATE, collectionId: "1008" })).resolves.toBeUndefined();
  });
});
