/** Inputs that every object has, and ids of collections. */
import { optional } from "../../core/properties";
import { flag, record, string, whole } from "../../core/shapes";
import type { CollectionRef } from "../../milvus/names";

/** What Milvus takes for names of collections, partitions, fields and indexes. */
export function milvusName(what: string) {
  return string({
    pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
    rule: `${/^[aeiou]/.test(what) ? "an" : "a"} ${what} name has letters, digits and underscores only and starts with a letter or an underscore`,
    maxLength: 255,
  });
}

export const adopt = optional(flag(), {
  doc:
    "Whether to take over an object of this name that exists already, equals what is declared and holds data. " +
    "Without it only what is equal and provably empty is taken over. Default: `false`. Never causes a change.",
  change: "ignore",
  inputOnly: true,
});

const seconds = (what: string, fallback: number) =>
  optional(whole({ min: 1 }), {
    doc: `How long ${what} may take, in seconds. Default: ${fallback}.`,
    change: "ignore",
  });

export const DEFAULT_TIMEOUTS = { create: 600, update: 600, delete: 600 } as const;

export const timeouts = optional(
  record(
    { typeName: "Timeouts", doc: "How long operations may take, a start of the server included." },
    {
      create: seconds("creating", DEFAULT_TIMEOUTS.create),
      update: seconds("changing in place", DEFAULT_TIMEOUTS.update),
      delete: seconds("releasing and dropping", DEFAULT_TIMEOUTS.delete),
    },
  ),
  {
    doc:
      "How long operations may take, in seconds. A server that has not answered yet, and that nothing in the stack " +
      "makes, is given up after 8 seconds unless they are set. Never causes a change; a delete uses what was recorded " +
      "at the last create or update.",
    change: "ignore",
  },
);

export const databaseName = optional(milvusName("database"), {
  doc: "The database. Default: that of the provider, `default` when it names none. A change replaces.",
  change: "replace",
  inId: true,
});

/** "database/collection"; the database may be left out. */
export function parseCollectionId(id: string, database: string): CollectionRef {
  const parts = id.split("/");
  const [collectionName, databaseName = database] = parts.reverse();
  if (parts.length > 2 || !collectionName)
    throw new Error(
      `${JSON.stringify(id)} is not the id of a collection: it must be DATABASE/COLLECTION or COLLECTION`,
    );
  return { databaseName, collectionName };
}

/** The entries that a server has to be given: those that are new or have another value now. */
export function changedEntries(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value));
}

/** Those that are to go, which servers take in another call. */
export function removedKeys(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  return Object.keys(before).filter((key) => !Object.hasOwn(after, key));
}
