/** Every object that this package manages. A new one is a file under resources/ and a line here. */
import { alias } from "./resources/alias";
import { collection } from "./resources/collection";
import { collectionLoad } from "./resources/collection-load";
import { database } from "./resources/database";
import { index } from "./resources/index";
import { partition } from "./resources/partition";
import { partitionSet } from "./resources/partition-set";

export const resources = {
  database,
  collection,
  partition,
  partitionSet,
  index,
  collectionLoad,
  alias,
} as const;
