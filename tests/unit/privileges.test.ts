import { ObjectPrivilege, RbacObjects } from "@zilliz/milvus2-sdk-node";
import milvusProto from "@zilliz/milvus2-sdk-node/dist/milvus/proto-json/milvus";

import {
  isBuiltInGroup,
  isPrivilege,
  levelOf,
  nearestPrivilege,
  objectTypeOf,
} from "../../provider/milvus/privileges";

interface Proto {
  readonly nested?: Readonly<Record<string, Proto>>;
  readonly values?: Readonly<Record<string, number>>;
  readonly options?: Readonly<Record<string, unknown>>;
}

function protoOf(...path: string[]): Proto {
  return path.reduce<Proto>((proto, name) => proto.nested?.[name] ?? {}, milvusProto as Proto);
}

const names = Object.keys(protoOf("milvus", "proto", "common", "ObjectPrivilege").values ?? {}).map((name) =>
  name.replace(/^Privilege(Group(?=(ReadOnly|ReadWrite|Admin|Cluster|Database|Collection)))?/, ""),
);

/** What the messages of the calls that need a privilege say of it. */
const annotated = Object.values(protoOf("milvus", "proto", "milvus").nested ?? {}).flatMap(
  ({ options = {} }) => {
    const privilege = options["(common.privilege_ext_obj).object_privilege"];
    return typeof privilege === "string"
      ? [[privilege.replace("Privilege", ""), options["(common.privilege_ext_obj).object_type"]] as const]
      : [];
  },
);

describe("the table of privileges", () => {
  test("has every privilege of the SDK's proto, and a type of object for each", () => {
    expect(names.length).toBeGreaterThan(80);
    expect(names.filter((name) => !isPrivilege(name))).toEqual([]);
    expect(Object.keys(RbacObjects)).toEqual(
      expect.arrayContaining([...new Set(names.map((name) => objectTypeOf(name)))]),
    );
    expect(ObjectPrivilege.PrivilegeSearch).toBeDefined();
  });

  // Three requests of ownership are annotated with two types; the server's own table has Global for them.
  test.each(annotated.filter(([name]) => !/Ownership$/.test(name)))(
    "says of %s that it is granted on %s, as the proto does",
    (name, objectType) => {
      expect(objectTypeOf(name)).toBe(objectType);
    },
  );

  test.each([
    ["Search", "Collection"],
    ["CreateAlias", "Collection"],
    ["CreateCollection", "Database"],
    ["RenameCollection", "Cluster"],
    ["UpdateUser", "Cluster"],
    ["DatabaseAdmin", "Database"],
    ["All", undefined],
    ["my_group", undefined],
  ])("says of %s that it is about: %s", (name, level) => {
    expect(levelOf(name)).toBe(level);
  });

  test("knows the nine built-in groups", () => {
    expect(names.filter(isBuiltInGroup).sort()).toEqual([
      "ClusterAdmin",
      "ClusterReadOnly",
      "ClusterReadWrite",
      "CollectionAdmin",
      "CollectionReadOnly",
      "CollectionReadWrite",
      "DatabaseAdmin",
      "DatabaseReadOnly",
      "DatabaseReadWrite",
    ]);
  });

  test("finds what was meant", () => {
    expect(nearestPrivilege("Serach")).toBe('; did you mean "Search"?');
  });
});
