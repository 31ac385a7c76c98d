/** The gateway on fakes: of 2.3.5, which expects what the real one does, and of versions that only the fake can be. */
import { parseVersion, type ServerVersion } from "../../provider/milvus/versions";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { reported, versionOf } from "../support/fake-milvus/versions";
import { connectionContract } from "./connection-contract";
import { gatewayContract } from "./gateway-contract";
import { namesContract } from "./names-contract";
import { resourceGroupContract } from "./resource-group-contract";
import { expectationsFor, namesFor, nodesFor } from "./support/expectations";

const served = (version: string): ServerVersion => parseVersion(reported(versionOf(version)));

const VERSIONS = ["2.3.5", "2.4", "2.5.12", "2.6.6", "3.0"];

for (const version of VERSIONS) {
  const fakes: FakeMilvus[] = [];
  beforeAll(
    async () => void fakes.push(await startFakeMilvus({ version, password: "s3cret of root", loadTime: 20 })),
  );
  afterAll(() => fakes[0]?.stop());
  gatewayContract(
    `the fake Milvus ${version}`,
    () => fakes[0] as FakeMilvus,
    expectationsFor(served(version)),
  );
}

/** With the versions beside which a database, or the drop of a collection under an alias, becomes another thing. */
for (const version of [...VERSIONS, "2.4.2", "2.4.3", "2.5.4", "2.5.5"]) {
  const fakes: FakeMilvus[] = [];
  const fake = () => fakes[0] as FakeMilvus;
  beforeAll(async () => void fakes.push(await startFakeMilvus({ version, password: "s3cret of root" })));
  afterAll(() => fakes[0]?.stop());
  namesContract(`the fake Milvus ${version}`, fake, namesFor(served(version)));
  resourceGroupContract(`the fake Milvus ${version}`, fake, nodesFor(served(version)));
}

const fakes: FakeMilvus[] = [];
beforeAll(
  async () => void fakes.push(await startFakeMilvus({ version: "2.3.5", password: "s3cret of root" })),
);
afterAll(() => fakes[0]?.stop());
connectionContract("the fake Milvus 2.3.5", () => fakes[0] as FakeMilvus, { foreignCredentials: "refused" });
