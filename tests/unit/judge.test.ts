/* eslint-disable @typescript-eslint/require-await -- the stub answers at once where the gateway is asynchronous */
/** What the report of a preview asks of a server about changes that drop no object with data. */
import { judgeAll } from "../../cli/preview/judge";
import type { PlannedChange } from "../../cli/preview/plan";
import { makeReport } from "../../cli/preview/report";
import type { Servers } from "../../cli/preview/servers";
import type { LoadedAs } from "../../provider/milvus/loading";
import { ofRun } from "../support/declared";

const REF = { databaseName: "default", collectionName: "documents", collectionId: "447" };
const ID = { name: "id", dataType: "Int64", isPrimaryKey: true };
const VECTOR = { name: "embedding", dataType: "FloatVector", dim: 8 };
const YEAR = { name: "year", dataType: "Int64", nullable: true };

class Server {
  loaded = true;
  rows = 300;

  get servers(): Servers {
    const loadedAs: LoadedAs = { replicaNumber: 1, resourceGroups: [] };
    const milvus = {
      ...ofRun(),
      address: "here",
      database: "default",
      collections: {
        find: async () => ({ ...REF, fields: [ID, VECTOR, YEAR], aliases: [], properties: {} }),
      },
      aliases: { of: async () => [] },
      entities: { countCollection: async () => ({ kind: "exact", rows: this.rows }) },
      loading: {
        isLoaded: async () => this.loaded,
        loadedPartitions: async () => (this.loaded ? ["_default"] : []),
        isReleased: async () => !this.loaded,
        loadedAs: async () => (this.loaded ? loadedAs : undefined),
      },
    };
    const policyOf = () => ({ protectData: false, acknowledgedDataLoss: [] });
    return { of: () => milvus, policyOf } as unknown as Servers;
  }
}

const change = (over: Partial<PlannedChange>): PlannedChange => ({
  urn: "urn",
  name: "ready",
  kind: "CollectionLoad",
  operation: "delete",
  old: { ...REF, replicaNumber: 1 },
  id: "default/documents",
  reasons: [],
  ...over,
});

const reported = async (server: Server, ...changes: PlannedChange[]) =>
  makeReport({ changes: await judgeAll(changes, server.servers), acknowledgedOf: () => [] });

describe("the load of a collection that goes", () => {
  test("is told as an outage, and loses nothing", async () => {
    const report = await reported(new Server(), change({}));
    expect(report).toMatchObject({ exitCode: 0, losses: [], rest: [] });
    expect(report.interruptions).toEqual([
      {
        id: "default/documents",
        object: "load of collection documents",
        operation: "delete",
        reasons: [],
        changes: [],
        consequence: "collection default/documents is released and cannot be searched",
      },
    ]);
  });

  test("is told as gone when somebody released it already", async () => {
    const server = new Server();
    server.loaded = false;
    const report = await reported(server, change({}));
    expect(report.interruptions).toEqual([]);
    expect(report.rest).toMatchObject([{ object: "load of collection documents", note: "is gone already" }]);
  });

  test("goes with its collection, and is told beside it", async () => {
    const collection = change({
      kind: "Collection",
      name: "documents",
      old: { ...REF, fields: [ID, VECTOR] },
    });
    const report = await reported(new Server(), collection, change({}));
    expect(report.losses.map(({ object }) => object)).toEqual(["collection documents"]);
    expect(report.rest).toMatchObject([
      { object: "load of collection documents", note: "goes with its collection" },
    ]);
  });
});

describe("a collection that goes", () => {
  const gone = (over: object, more: Partial<PlannedChange> = {}) =>
    change({
      kind: "Collection",
      name: "documents",
      old: { ...REF, fields: [ID, VECTOR], ...over },
      ...more,
    });

  test("stays with its data when it protects them, whatever takes it away", async () => {
    for (const operation of ["delete", "replace"] as const) {
      const report = await reported(new Server(), gone({ protectData: true }, { operation }));
      expect(report).toMatchObject({
        exitCode: 0,
        losses: [],
        kept: [{ id: "default/documents", operation }],
      });
    }
  });

  test("is lost when it does not", async () => {
    const report = await reported(new Server(), gone({ protectData: false }));
    expect(report).toMatchObject({ exitCode: 2, kept: [], losses: [{ id: "default/documents" }] });
  });

  test("is not asked for when the engine retains it", async () => {
    const report = await reported(new Server(), gone({}, { isRetained: true }));
    expect(report).toMatchObject({ exitCode: 0, losses: [], unjudged: [] });
  });
});

describe("a collection that changes in place", () => {
  const update = (fields: readonly object[]): PlannedChange =>
    change({
      kind: "Collection",
      name: "documents",
      operation: "update",
      old: { ...REF, fields: [ID, VECTOR, YEAR] },
      wanted: { collectionName: "documents", fields },
    });

  test("and loses a field is told with that as a loss of its own", async () => {
    const report = await reported(new Server(), update([ID, VECTOR]));
    expect(report.exitCode).toBe(2);
    expect(report.losses).toMatchObject([
      {
        id: "default/documents/fields/year",
        object: "field year of collection documents",
        entitiesInWords: "300 entities",
      },
    ]);
    expect(report.inPlace.map(({ object }) => object)).toEqual(["collection documents"]);
  });

  test("and keeps its fields loses nothing", async () => {
    expect(await reported(new Server(), update([ID, VECTOR, YEAR]))).toMatchObject({
      exitCode: 0,
      losses: [],
    });
  });
});
