/** The gateway on fakes: of 2.3.5, which expects what the real one does, and of versions that only the fake can be. */
import type { Field } from "../../provider/milvus/fields";
import { type FeatureName, knows, parseVersion } from "../../provider/milvus/versions";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { connectionContract } from "./connection-contract";
import { type Expectations, gatewayContract } from "./gateway-contract";
import { namesContract } from "./names-contract";
import { resourceGroupContract } from "./resource-group-contract";
import { MILVUS_2_3_5, NAMES_OF_2_3_5, SCHEMA_CHANGES } from "./support/milvus-2.3.5";

type Expected = Expectations["fields"][number];

/** Fields that 2.3.5 keeps otherwise than declared. */
const KEPT_FROM: Readonly<Record<string, (field: Field) => boolean>> = {
  "2.4": () => false,
  "2.4.6": ({ isClusteringKey }) => isClusteringKey === true,
  "2.5": ({ isClusteringKey, nullable }) => isClusteringKey === true || nullable === true,
};

const from = (version: keyof typeof KEPT_FROM): readonly Expected[] =>
  MILVUS_2_3_5.fields.map((expected) =>
    KEPT_FROM[version]?.(expected.declared) ? { declared: expected.declared } : expected,
  );

const BM25 = { name: "bm25", type: "BM25", inputFieldNames: ["words"], outputFieldNames: ["sparse"] };
const SECOND_VECTOR: Expected = { declared: { name: "second", dataType: "FloatVector", dim: 8 } };
const MILVUS_2_4: Expectations = {
  ...MILVUS_2_3_5,
  version: parseVersion("v2.4.0"),
  fields: [...from("2.4"), SECOND_VECTOR],
  refusedFields: [
    {
      declared: { name: "more", dataType: "VarChar", maxLength: 65_536 },
      reason: /should be in \(0, 65535\]/,
    },
  ],
};
const MILVUS_2_5: Expectations = {
  ...MILVUS_2_4,
  version: parseVersion("v2.5.12"),
  unsupported: SCHEMA_CHANGES,
  fields: [...from("2.5"), SECOND_VECTOR],
  functions: [BM25],
  removingProperties: "done",
};
const MILVUS_2_6: Expectations = {
  ...MILVUS_2_5,
  version: parseVersion("v2.6.6"),
  ownProperties: { timezone: "UTC" },
  droppingIndexOfLoaded: /vector index cannot be dropped on loaded collection/,
  unsupported: SCHEMA_CHANGES.filter(([operation]) => operation !== "AddCollectionField"),
};

const EXPECTED: Readonly<Record<string, Expectations>> = {
  "2.3.5": MILVUS_2_3_5,
  "2.4.0": MILVUS_2_4,
  "2.5.12": MILVUS_2_5,
  "2.6.6": MILVUS_2_6,
  "3.0.0": {
    ...MILVUS_2_6,
    version: parseVersion("v3.0.0"),
    unsupported: [],
    ownProperties: { timezone: "UTC", "namespace.sharding.enabled": "false", max_field_id: "102" },
  },
};

for (const [version, expected] of Object.entries(EXPECTED)) {
  const fakes: FakeMilvus[] = [];
  beforeAll(
    async () => void fakes.push(await startFakeMilvus({ version, password: "s3cret of root", loadTime: 20 })),
  );
  afterAll(() => fakes[0]?.stop());
  gatewayContract(`the fake Milvus ${version}`, () => fakes[0] as FakeMilvus, expected);
}

/** With the versions beside which a database, or the drop of a collection under an alias, becomes another thing. */
for (const version of [...Object.keys(EXPECTED), "2.4.2", "2.4.3", "2.5.4", "2.5.5"]) {
  const fakes: FakeMilvus[] = [];
  const fake = () => fakes[0] as FakeMilvus;
  beforeAll(async () => void fakes.push(await startFakeMilvus({ version, password: "s3cret of root" })));
  afterAll(() => fakes[0]?.stop());
  const has = (feature: FeatureName): boolean => knows(parseVersion(version), feature);
  namesContract(`the fake Milvus ${version}`, fake, {
    ...NAMES_OF_2_3_5,
    droppingAliased: has("aliasKeepsCollection") ? "refused" : NAMES_OF_2_3_5.droppingAliased,
    databaseProperties: has("databaseProperties") ? "kept" : "not reported",
  });
  resourceGroupContract(
    `the fake Milvus ${version}`,
    fake,
    has("declaredResourceGroups") ? "declared" : "moved",
  );
}

const fakes: FakeMilvus[] = [];
beforeAll(
  async () => void fakes.push(await startFakeMilvus({ version: "2.3.5", password: "s3cret of root" })),
);
afterAll(() => fakes[0]?.stop());
connectionContract("the fake Milvus 2.3.5", () => fakes[0] as FakeMilvus, { foreignCredentials: "refused" });
