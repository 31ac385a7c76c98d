/** Where one object of every kind can stand: a real server, and a fake of one that has them all. */
import { type FakeMilvus, startFakeMilvus } from "../../support/fake-milvus";
import { type TestServer, testServers } from "../../support/servers";

export function startFakeOfEveryKind(): Promise<FakeMilvus> {
  return startFakeMilvus({ version: "3.0.4", password: "s3cret of root", storageV3: true });
}

type OnServer = [name: string, version: string, serverOf: () => TestServer];

/** For `describe.each`, once in a file. The servers are there once its tests begin. */
export function onServersOfEveryKind(): OnServer[] {
  const fakes: FakeMilvus[] = [];
  beforeAll(async () => void fakes.push(await startFakeOfEveryKind()));
  afterAll(() => fakes[0]?.stop());
  return [
    ["Milvus 2.3.5", "2.3.5", () => testServers().milvus],
    ["the fake Milvus 3.0.4", "3.0.4", () => fakes[0] as FakeMilvus],
  ];
}
