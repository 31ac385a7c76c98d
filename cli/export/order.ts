/** In which order exports have what a server has: always the same, and nothing before what it needs. Pure. */
import { isInCollection } from "../../provider/core/properties";
import type { Exported } from "./names";

/** What stands in a collection follows it; a load what it needs, and an alias what it is to serve. */
export const KINDS: readonly string[] = [
  "ResourceGroup",
  "Database",
  "Collection",
  "Partition",
  "PartitionSet",
  "Index",
  "CollectionLoad",
  "Alias",
  "User",
  "Role",
  "PrivilegeGroup",
  "RoleMembership",
  "Grant",
];

/** No server promises an order of what it lists. */
export function inOrder(exported: readonly Exported[]): Exported[] {
  return exported
    .map((one) => ({ one, place: placeOf(one) }))
    .sort((a, b) => compared(a.place, b.place))
    .map(({ one }) => one);
}

/** Compared part by part. */
type Place = readonly string[];

function placeOf({ resource, state }: Exported): Place {
  const id = resource.id(state);
  if (resource.kind !== "Collection" && !isInCollection(resource.inputs)) return [rankOf(resource.kind), id];
  const { databaseName, collectionName } = state;
  return [rankOf("Collection"), String(databaseName), String(collectionName), rankOf(resource.kind), id];
}

/** Of two digits, so that it is compared as text. */
function rankOf(kind: string): string {
  return String(KINDS.indexOf(kind)).padStart(2, "0");
}

/** By their characters alone, which come in the same order everywhere. */
function compared(a: Place, b: Place): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  if (at < 0) return 0;
  return String(a[at]) < String(b[at]) ? -1 : 1;
}
