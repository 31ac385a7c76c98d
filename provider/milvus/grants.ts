/**
 * Two styles for one thing. Up to Milvus 2.4 a privilege is granted on an object: its type (Collection, Global, User)
 * and its name, in the database of the call; from 2.5 on on a collection of a database. Both end in the same entries
 * (milvus/internal/rootcoord, OperatePrivilege), which `SelectGrant` lists by role and database.
 */
import { type Caller, sharedAnswer } from "./caller";
import type { Databases } from "./databases";
import { MilvusError } from "./errors";
import { aGrant, aRole, type GrantRef } from "./names";
import { objectTypeOf } from "./privileges";
import type { Roles } from "./roles";
import { loadSdk } from "./sdk";
import { SharedRead } from "./shared-reads";
import { knows } from "./versions";

/** Everything of its kind: all collections, or all databases. */
export const ANY = "*";

/** A grant as the server keeps it. */
export interface GrantDescription extends GrantRef {
  /** `Collection`, `Global` or `User`. */
  readonly objectType: string;
}

interface InDatabase {
  readonly roleName: string;
  readonly databaseName: string;
}

export class Grants {
  private readonly lists: SharedRead<InDatabase, GrantDescription[]>;

  constructor(
    private readonly caller: Caller,
    private readonly roles: Roles,
    private readonly databases: Databases,
    shared?: Grants,
  ) {
    this.lists =
      shared?.lists ??
      new SharedRead(
        ({ roleName, databaseName }) => `${roleName}/${databaseName}`,
        (key) => this.listNow(key),
      );
  }

  /** Those of a role in one database; none when there is no such role. */
  list(roleName: string, databaseName: string): Promise<GrantDescription[]> {
    const key = { roleName, databaseName };
    return sharedAnswer(this.caller, this.lists, key, "SelectGrant", aRole({ roleName }));
  }

  /** Those of a role in every database that there is, and for all databases. */
  async listEverywhere(roleName: string): Promise<GrantDescription[]> {
    const databases = [...(await this.databases.list()), ANY];
    const found = await Promise.all(databases.map((databaseName) => this.list(roleName, databaseName)));
    return found.flat();
  }

  async find(ref: GrantRef): Promise<GrantDescription | undefined> {
    const grants = await this.list(ref.roleName, ref.databaseName);
    return grants.find(
      ({ privilege, objectName }) => privilege === ref.privilege && objectName === ref.objectName,
    );
  }

  async grant(ref: GrantRef): Promise<void> {
    await this.operate(ref, "Grant", await this.objectTypeFor(ref));
  }

  async revoke(ref: GrantRef | GrantDescription): Promise<void> {
    await this.operate(ref, "Revoke", await this.objectTypeFor(ref));
  }

  /** The object type for a call in the old style; nothing where the new one is spoken. */
  private async objectTypeFor(ref: GrantRef | GrantDescription): Promise<string | undefined> {
    const objectType = "objectType" in ref ? ref.objectType : (objectTypeOf(ref.privilege) ?? "Collection");
    // The new style has no words for one user, nor for every privilege of one type of object.
    const isOldOnly = (objectType === "User" && ref.objectName !== ANY) || ref.privilege === ANY;
    if (!isOldOnly && knows(await this.caller.version(), "grantsOnCollections")) return undefined;
    return objectType;
  }

  private async operate(
    ref: GrantRef,
    type: "Grant" | "Revoke",
    objectType: string | undefined,
  ): Promise<void> {
    const { promisify } = loadSdk();
    const { roleName, privilege, databaseName, objectName } = ref;
    const onObject = {
      entity: {
        role: { name: roleName },
        object: { name: objectType },
        object_name: objectName,
        grantor: { privilege: { name: privilege } },
        // The SDK's own method leaves it out, and the server takes the database of the connection then.
        db_name: databaseName,
      },
      type,
    };
    const onCollection = {
      role: { name: roleName },
      grantor: { privilege: { name: privilege } },
      db_name: databaseName,
      collection_name: objectName,
      type,
    };
    await this.caller.call({
      operation: objectType === undefined ? "OperatePrivilegeV2" : "OperatePrivilege",
      object: aGrant(ref),
      run: (client, timeout) =>
        objectType === undefined
          ? promisify(client.channelPool, "OperatePrivilegeV2", onCollection, timeout)
          : promisify(client.channelPool, "OperatePrivilege", onObject, timeout),
      settled: async () => ((await this.find(ref)) !== undefined) === (type === "Grant"),
    });
  }

  private async listNow({ roleName, databaseName }: InDatabase): Promise<GrantDescription[]> {
    try {
      const reply = await this.caller.call({
        operation: "SelectGrant",
        object: aRole({ roleName }),
        run: (client, timeout) => client.listGrants({ roleName, db_name: databaseName, timeout }),
      });
      // Nothing is how a role without grants is answered, so that the role is there is asked as well.
      if (reply.entities.length === 0) await this.roles.find(roleName);
      return reply.entities
        .filter((entity) => (entity.db_name || databaseName) === databaseName)
        .map(({ object, object_name, grantor, db_name }) => ({
          roleName,
          privilege: grantor.privilege.name,
          databaseName: db_name || databaseName,
          objectType: object.name,
          objectName: object_name,
        }));
    } catch (error) {
      // Milvus has no code of its own for a role that is not there.
      if (error instanceof MilvusError && !(await this.roles.find(roleName))) return [];
      throw error;
    }
  }
}
