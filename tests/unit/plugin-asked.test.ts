/** What the engine asks of the plugin beside the plain operations, and what a program keeps there for itself. */
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as protocol from "@pulumi/pulumi/proto/provider_pb";

import { UNKNOWN } from "../../provider/core/unknown";
import { referenceTo } from "../../provider/engines/plugin/marks";
import { answer, type ServedPlugin, servePlugin } from "../support/served-plugin";

type Values = Readonly<Record<string, unknown>>;

const struct = (values: Values): Struct =>
  Struct.fromJavaScript(values as { [name: string]: JavaScriptValue });
const urnOf = (kind: string, name: string): string => `urn:pulumi:dev::test::milvus:index:${kind}::${name}`;

const DOCS = {
  collectionName: "docs",
  databaseName: "app",
  fields: [
    { name: "id", dataType: "Int64", isPrimaryKey: true },
    { name: "embedding", dataType: "FloatVector", dim: 4 },
  ],
  properties: { "collection.ttl.seconds": "60" },
};
const ALIAS = { aliasName: "current", databaseName: "app", collectionName: "docs", collectionId: "7" };

function diff({ client }: ServedPlugin, kind: string, old: Values, inputs: Values, news: Values) {
  const request = new protocol.DiffRequest()
    .setUrn(urnOf(kind, kind))
    .setId("app/it")
    .setOlds(struct(old))
    .setOldInputs(struct(inputs))
    .setNews(struct(news));
  return answer<protocol.DiffResponse>((done) => client.diff(request, done));
}

describe("Before the engine drops a collection for its successor, an alias that is given it", () => {
  const given = { aliasName: "current", collection: referenceTo(urnOf("Collection", "docs"), "app/docs") };
  const asked = (plugin: ServedPlugin): Promise<protocol.DiffResponse> =>
    diff(plugin, "Alias", ALIAS, given, { aliasName: "current", collection: UNKNOWN });

  test("goes before it where nothing was decided of the collection, as with --replace", async () => {
    expect((await asked(await servePlugin({ database: "app" }))).getReplacesList()).not.toEqual([]);
  });

  test("stays where it is given the name alone, which may be another one's", async () => {
    const plugin = await servePlugin({ database: "app" });
    const byName = { aliasName: "current", databaseName: "app", collection: "docs" };
    const answered = await diff(plugin, "Alias", ALIAS, byName, { ...byName, collection: UNKNOWN });
    expect(answered.getReplacesList()).toEqual([]);
  });
});

describe("The Provider that a program names for its delete hook", () => {
  const NEWS = { ...DOCS, hookProvider: "prod" };

  test("is kept beside the inputs, and is none of them", async () => {
    const { client } = await servePlugin({ database: "app" });
    const request = new protocol.CheckRequest().setUrn(urnOf("Collection", "docs")).setNews(struct(NEWS));
    const checked = await answer<protocol.CheckResponse>((done) => client.check(request, done));
    expect(checked.getFailuresList()).toEqual([]);
    expect(checked.getInputs()?.toJavaScript()).toMatchObject(NEWS);
  });

  test("is no difference", async () => {
    const plugin = await servePlugin({ database: "app" });
    const same = await diff(plugin, "Collection", { ...DOCS, collectionId: "7" }, DOCS, NEWS);
    expect(same.getChanges()).toBe(protocol.DiffResponse.DiffChanges.DIFF_NONE);
  });
});
