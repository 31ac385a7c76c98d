/**
 * What the contracts expect of a full Milvus of any version: the fakes, the real 2.3.5 and a server of the user's are
 * held to the same. What holds from some version on asks the version table.
 */
import type { Field } from "../../../provider/milvus/fields";
import { type FeatureName, knows, type ServerVersion } from "../../../provider/milvus/versions";
import type { AccessExpectations } from "../access-contract";
import type { Expectations } from "../gateway-contract";
import type { NameExpectations } from "../names-contract";
import type { Nodes } from "../resource-group-contract";
import { MILVUS_2_3_5, NAMES_OF_2_3_5 } from "./milvus-2.3.5";

type Expected = Expectations["fields"][number];
type Has = (feature: FeatureName) => boolean;

const BM25 = { name: "bm25", type: "BM25", inputFieldNames: ["words"], outputFieldNames: ["sparse"] };
const SECOND_VECTOR: Expected = { declared: { name: "second", dataType: "FloatVector", dim: 8 } };
const TOO_LONG: Expectations["refusedFields"][number] = {
  declared: { name: "more", dataType: "VarChar", maxLength: 65_536 },
  reason: /should be in \(0, 65535\]/,
};

export function expectationsFor(version: ServerVersion): Expectations {
  const has: Has = (feature) => knows(version, feature);
  return {
    ...MILVUS_2_3_5,
    version,
    fields: [...fieldsFor(has), ...(has("multipleVectorFields") ? [SECOND_VECTOR] : [])],
    refusedFields: has("multipleVectorFields") ? [TOO_LONG] : MILVUS_2_3_5.refusedFields,
    functions: has("functions") ? [BM25] : [],
    ownProperties: ownPropertiesFor(has),
    removingProperties: has("dropProperties") ? "done" : MILVUS_2_3_5.removingProperties,
    droppingIndexOfLoaded: has("dropScalarIndexWhileLoaded")
      ? /vector index cannot be dropped on loaded collection/
      : MILVUS_2_3_5.droppingIndexOfLoaded,
    unsupported: MILVUS_2_3_5.unsupported.filter(([call]) => !CAME_WITH[call] || !has(CAME_WITH[call])),
  };
}

/** The call that a feature is made of. */
const CAME_WITH: Readonly<Record<string, FeatureName>> = {
  AddCollectionField: "addField",
  AlterCollectionSchema: "dropField",
  AlterCollectionField: "alterFieldMmap",
  DescribeDatabase: "databaseProperties",
};

/** Where the server keeps what 2.3.5 forgets, a field is read back as declared. */
function fieldsFor(has: Has): readonly Expected[] {
  const isKept = ({ isClusteringKey, nullable }: Field): boolean =>
    (isClusteringKey === true && has("clusteringKey")) || (nullable === true && has("nullableFields"));
  return MILVUS_2_3_5.fields.map(({ declared, read }) =>
    isKept(declared) ? { declared } : { declared, read },
  );
}

/** Of a collection with three fields; seen on 2.6.19 and 3.0.0, first versions as those of what they are for. */
function ownPropertiesFor(has: Has): Record<string, string> {
  return {
    ...(has("timestamptz") && { timezone: "UTC" }),
    ...(has("text") && { "namespace.sharding.enabled": "false", max_field_id: "102" }),
  };
}

export function namesFor(version: ServerVersion): NameExpectations {
  return {
    ...NAMES_OF_2_3_5,
    droppingAliased: knows(version, "aliasKeepsCollection") ? "refused" : NAMES_OF_2_3_5.droppingAliased,
    databaseProperties: knows(version, "databaseProperties") ? "kept" : "not reported",
  };
}

export function nodesFor(version: ServerVersion): Nodes {
  return knows(version, "declaredResourceGroups") ? "declared" : "moved";
}

export function accessFor(version: ServerVersion): AccessExpectations {
  return {
    privilegeGroups: knows(version, "privilegeGroups") ? "known" : "unknown",
    // 2.4.11 mended it, and the table has no feature of that version: 2.4.11 and 2.4.12 fail here.
    grantsInDroppedDatabases: knows(version, "alterReplicas") ? "gone" : "back with role and database",
    descriptions: knows(version, "describedUsers") ? "kept" : "forgotten",
  };
}
