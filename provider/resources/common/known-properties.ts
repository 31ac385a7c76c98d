/**
 * Keys of properties that some Milvus knows. Milvus keeps any other key without a word, and does nothing with it. Read:
 * milvus-io/milvus, pkg/common/common.go, from 2.3.5 to 3.0, and https://milvus.io/docs/modify-collection.md.
 */
import { misspelt } from "../../core/misspelt";
import { inside, type Report, show } from "../../core/shapes";

const OF_BOTH = [
  "timezone", "replicate.id", "replicate.endTS", "cipher.enabled", "cipher.key", "cipher.ezID",
]; // prettier-ignore

const KEYS: Readonly<Record<"collections" | "databases", readonly string[]>> = {
  collections: [
    ...OF_BOTH,
    "collection.ttl.seconds", "collection.autocompaction.enabled", "collection.description",
    "collection.insertRate.max.mb", "collection.insertRate.min.mb", "collection.deleteRate.max.mb",
    "collection.deleteRate.min.mb", "collection.bulkLoadRate.max.mb", "collection.bulkLoadRate.min.mb",
    "collection.upsertRate.max.mb", "collection.upsertRate.min.mb",
    "collection.queryRate.max.qps", "collection.queryRate.min.qps", "collection.searchRate.max.vps",
    "collection.searchRate.min.vps", "collection.diskProtection.diskQuota.mb", "partition.diskProtection.diskQuota.mb",
    "collection.replica.number", "collection.resource_groups", "collection.timezone",
    "collection.function.allowInsertNonBM25FunctionOutputs", "collection.on.truncating",
    "mmap.enabled", "lazyload.enabled", "load_priority", "partitionkey.isolation", "dynamicfield.enabled",
    "allow_insert_auto_id", "ttl_field", "consistency_level", "namespace.enabled", "namespace.sharding.enabled",
    "max_field_id", "disable_func_runtime_check", "query_mode", "rls.enabled", "rls.force",
    "warmup.scalarField", "warmup.scalarIndex", "warmup.vectorField", "warmup.vectorIndex",
  ],
  databases: [
    ...OF_BOTH,
    "database.replica.number", "database.resource_groups", "database.diskQuota.mb", "database.max.collections",
    "database.force.deny.writing", "database.force.deny.reading", "database.force.deny.ddl",
    "database.force.deny.collectionDDL", "database.force.deny.partitionDDL", "database.force.deny.index",
    "database.force.deny.flush", "database.force.deny.compaction", "database.timezone",
  ],
}; // prettier-ignore

type Owner = keyof typeof KEYS;
const OTHER: Readonly<Record<Owner, Owner>> = { collections: "databases", databases: "collections" };

/** A key that is like a known one is that one, misspelt; any other may be one of a newer Milvus, or somebody's own. */
export function checkKeys(
  properties: Readonly<Record<string, string>>,
  of: Owner,
  report: Report,
  warn: Report,
): void {
  for (const key of Object.keys(properties).filter((one) => !KEYS[of].includes(one))) {
    const path = inside("properties", key);
    const meant = misspelt(key, KEYS[of]);
    if (KEYS[OTHER[of]].includes(key))
      warn(path, `is a property of ${OTHER[of]}: Milvus keeps it, and does nothing with it`);
    else if (meant === undefined)
      warn(
        path,
        `is no property of ${of} that this version of pulumi-milvus knows. Milvus keeps it as it is`,
      );
    else
      report(
        path,
        `Milvus knows no property ${show(key)} of ${of}; did you mean ${show(meant)}? It would keep it without a word, ` +
          "and do nothing with it",
      );
  }
}
