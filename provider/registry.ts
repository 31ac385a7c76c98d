/** Every object that this package manages. A new one is a file under resources/ and a line here. */
import type { Resource } from "./core/resource";
import type { Milvus } from "./milvus/gateway";
import { alias } from "./resources/alias";
import { collection } from "./resources/collection";
import { collectionLoad } from "./resources/collection-load";
import { database } from "./resources/database";
import { grant } from "./resources/grant";
import { index } from "./resources/field-index";
import { partition } from "./resources/partition";
import { partitionSet } from "./resources/partition-set";
import { privilegeGroup } from "./resources/privilege-group";
import { resourceGroup } from "./resources/resource-group";
import { role } from "./resources/role";
import { roleMembership } from "./resources/role-membership";
import { user } from "./resources/user";

export const resources = {
  database,
  collection,
  partition,
  partitionSet,
  index,
  collectionLoad,
  alias,
  user,
  role,
  roleMembership,
  grant,
  privilegeGroup,
  resourceGroup,
} as const;

export type AnyResource = Resource<Milvus, object, object>;

/** By its name in programs, such as `Partition`. */
export function resourceOf(kind: string): AnyResource | undefined {
  return (Object.values(resources) as unknown as AnyResource[]).find((one) => one.kind === kind);
}
