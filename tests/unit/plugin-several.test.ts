/** Several providers in one process, as one that an engine attaches to may serve: each has settings and lines of its own. */
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as protocol from "@pulumi/pulumi/proto/provider_pb";

import { answer, type ServedPlugin, servePlugin } from "../support/served-plugin";

const URN = "urn:pulumi:dev::test::milvus:index:Collection::docs";

/** The database that a collection stands in when its program names none. */
async function databaseOf({ client }: ServedPlugin): Promise<unknown> {
  const fields = [
    { name: "id", dataType: "Int64", isPrimaryKey: true },
    { name: "embedding", dataType: "FloatVector", dim: 4 },
  ];
  const request = new protocol.CheckRequest().setUrn(URN).setNews(Struct.fromJavaScript({ fields }));
  const response = await answer<protocol.CheckResponse>((done) => client.check(request, done));
  return response.getInputs()?.toJavaScript()["databaseName"];
}

test("Each has its own settings", async () => {
  const [one, other] = await Promise.all([
    servePlugin({ database: "one" }),
    servePlugin({ database: "other" }),
  ]);
  expect(await Promise.all([databaseOf(one), databaseOf(other)])).toEqual(["one", "other"]);
});

test("Each tells its own engine", async () => {
  const both = await Promise.all([servePlugin({ database: "one" }), servePlugin({ database: "other" })]);
  await Promise.all(
    both.map(({ client }, at) => {
      const news = Struct.fromJavaScript({ address: "127.0.0.1:1", version: `${at + 2}.0.0` });
      const request = new protocol.CheckRequest()
        .setUrn("urn:pulumi:dev::test::pulumi:providers:milvus::default")
        .setNews(news);
      return answer<protocol.CheckResponse>((done) => client.checkConfig(request, done));
    }),
  );
  expect(both.map(({ told }) => told)).toEqual([
    [expect.stringContaining("asks for version 2.0.0")],
    [expect.stringContaining("asks for version 3.0.0")],
  ]);
});
