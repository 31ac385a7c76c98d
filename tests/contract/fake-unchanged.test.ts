/** See unchanged-contract.ts: on fakes of the versions that were measured. */
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { unchangedContract } from "./unchanged-contract";

const ROOT = { username: "root", password: "s3cret of root" };

describe.each(["2.5.27", "2.6.19", "3.0.0"])("a fake of %s:", (version) => {
  let fake: FakeMilvus;
  beforeAll(async () => {
    fake = await startFakeMilvus({ version, password: ROOT.password });
  });
  afterAll(() => fake.stop());

  unchangedContract(`a fake Milvus ${version}`, () => ({ ...ROOT, address: fake.address }), {
    pairs: 25,
    isNew: true,
  });
});
