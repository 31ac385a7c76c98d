/**
 * The database that a run on a server of the user's makes for itself, and in which it works: what it leaves behind goes
 * with it. Its name says whose it is and when it was made, so that a later run can take away what a killed one left.
 */
import { randomBytes } from "node:crypto";

import { MilvusError, UnsupportedError } from "../../provider/milvus/errors";
import type { Milvus } from "../../provider/milvus/gateway";

/** When it was made, in UTC, and what no other run has: `pulumi_milvus_tests_20261129093000_1f2e3d4c`. */
const OURS = /^pulumi_milvus_tests_(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)_[0-9a-f]{8}$/;
/** No run takes that long: who is older was killed. In milliseconds. */
export const ABANDONED_AFTER = 24 * 60 * 60 * 1000;

type Say = (line: string) => void;

export function newDatabaseName(now = new Date()): string {
  const digits = now.toISOString().replace(/\D/g, "").slice(0, 14);
  return `pulumi_milvus_tests_${digits}_${randomBytes(4).toString("hex")}`;
}

/** In milliseconds since 1970; nothing of a name that these tests do not give, even if it begins like one. */
export function madeAt(databaseName: string): number | undefined {
  const [, year, month, day, hour, minute, second] = OURS.exec(databaseName) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** Its name; nothing where the server refuses to make one, which is said. */
export async function makeOwnDatabase(milvus: Milvus, say: Say): Promise<string | undefined> {
  const databaseName = newDatabaseName();
  try {
    await milvus.databases.create(databaseName, {});
  } catch (error) {
    if (!(error instanceof MilvusError || error instanceof UnsupportedError)) throw error;
    say(`no database of their own for the tests, which run in database ${milvus.database}: ${error.message}`);
    return undefined;
  }
  say(`the tests run in a database of their own, ${databaseName}, and drop it afterwards`);
  return databaseName;
}

/** With all that is in it; throws for one that these tests did not make. */
export async function dropOwnDatabase(milvus: Milvus, databaseName: string, say: Say): Promise<void> {
  if (madeAt(databaseName) === undefined)
    throw new Error(`database ${databaseName} is not dropped: these tests give no such name`);
  for (const { collectionName } of await milvus.collections.list(databaseName)) {
    const found = await milvus.collections.find({ databaseName, collectionName });
    if (!found) continue;
    say(`collection ${collectionName} was left in database ${databaseName}, and goes with it`);
    for (const aliasName of await milvus.aliases.of(found))
      await milvus.aliases.drop({ databaseName, aliasName });
    await milvus.collections.drop(found);
  }
  await milvus.databases.drop(databaseName);
}

/** Drops what runs that were killed left behind; one that may still be at work is named and stays. */
export async function dropAbandonedDatabases(milvus: Milvus, say: Say, now = Date.now()): Promise<void> {
  for (const databaseName of await milvus.databases.list()) {
    const made = madeAt(databaseName);
    if (made === undefined) continue;
    if (now - made > ABANDONED_AFTER) {
      say(`database ${databaseName} was left behind by a run that was killed, and is dropped`);
      await dropOwnDatabase(milvus, databaseName, say);
    } else
      say(
        `database ${databaseName} is that of another run, or of one that was killed: drop it if none is under way; ` +
          "a run that starts a day after it was made does",
      );
  }
}
