/** What tests do to the users, roles and grants of a server and see of them, straight through the Milvus SDK. */
import { setTimeout as sleep } from "node:timers/promises";

import type { MilvusClient } from "@zilliz/milvus2-sdk-node";

import { clientOf } from "../../support/clients";
import { databaseOf, testServers } from "../../support/servers";
import { good, type TestMilvus } from "./milvus";

/** gRPC. */
const DENIED = 7;
const REFUSED = 16;
/** Of Milvus. */
const WRONG_PASSWORD = 1400;

/**
 * In milliseconds, how long a change of what a user may do is held up by what was dropped before it: a quarter of a
 * second for each collection, of hundreds on a server of the user's, of the few of other files on the quiet one.
 */
const HELD_UP = { foreign: 120_000, quiet: 30_000 };

export type Outcome = "allowed" | "denied" | "not logged in";

export class TestAccess {
  constructor(
    private readonly milvus: TestMilvus,
    /** In every name that is made here or by the stacks of a test file. */
    private readonly suffix: string,
  ) {}

  private get client(): MilvusClient {
    return this.milvus.client;
  }

  private as(username: string, password: string, database: string): MilvusClient {
    return clientOf({ ...this.milvus.server, username, password, database }, { maxRetries: 0 });
  }

  /**
   * Expects that somebody may, or may not, list the partitions of a collection, as soon as the server has come to it
   * (see `quiet` in tests/support/servers.ts).
   */
  async expectListing(
    user: { name: string; password: string },
    outcome: Outcome,
    db_name: string,
    collection_name: string,
  ): Promise<void> {
    const deadline = Date.now() + HELD_UP[testServers().foreign ? "foreign" : "quiet"];
    let found = await this.listingPartitions(user, db_name, collection_name);
    while (found !== outcome && Date.now() < deadline) {
      await sleep(500);
      found = await this.listingPartitions(user, db_name, collection_name);
    }
    expect(found).toBe(outcome);
  }

  private async listingPartitions(
    user: { name: string; password: string },
    db_name: string,
    collection_name: string,
  ): Promise<Outcome> {
    const client = this.as(user.name, user.password, db_name);
    try {
      good(await client.showPartitions({ db_name, collection_name }));
      return "allowed";
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === DENIED) return "denied";
      if (code === REFUSED) return "not logged in";
      throw error;
    } finally {
      await client.closeConnection();
    }
  }

  async createDatabase(db_name: string): Promise<void> {
    good(await this.client.createDatabase({ db_name }));
  }

  async createUser(username: string, password: string): Promise<void> {
    good(await this.client.createUser({ username, password }));
  }

  async setPassword(username: string, oldPassword: string, newPassword: string): Promise<void> {
    good(await this.client.updatePassword({ username, oldPassword, newPassword }));
  }

  async dropUser(username: string): Promise<void> {
    good(await this.client.deleteUser({ username }));
  }

  /** Whoever asks, Milvus changes a password into itself only when it is right. */
  async hasPassword(username: string, password: string): Promise<boolean> {
    const status = await this.client.updatePassword({
      username,
      oldPassword: password,
      newPassword: password,
    });
    if (status.code === WRONG_PASSWORD) return false;
    good(status);
    return true;
  }

  async users(): Promise<string[]> {
    return good(await this.client.listUsers()).usernames.filter((name) => name.includes(this.suffix));
  }

  async createRole(roleName: string): Promise<void> {
    good(await this.client.createRole({ roleName }));
  }

  async roles(): Promise<string[]> {
    return Object.keys(await this.members());
  }

  /** The users in each role. */
  async members(): Promise<Record<string, string[]>> {
    const { results } = good(await this.client.listRoles());
    return Object.fromEntries(
      results
        .filter(({ role }) => role.name.includes(this.suffix))
        .map(({ role, users }) => [role.name, users.map(({ name }) => name).sort()]),
    );
  }

  async dropRole(roleName: string): Promise<void> {
    good(await this.client.dropRole({ roleName }));
  }

  async putInto(roleName: string, username: string): Promise<void> {
    good(await this.client.addUserToRole({ roleName, username }));
  }

  async rolesOf(username: string): Promise<string[]> {
    const [found] = good(await this.client.describeUser({ username })).results;
    return (found?.roles ?? []).map(({ name }) => name).filter((name) => name !== "public");
  }

  async takeOutOf(roleName: string, username: string): Promise<void> {
    good(await this.client.removeUserFromRole({ roleName, username }));
  }

  /** `object name privilege` of each. */
  async grants(roleName: string, db_name = databaseOf(this.milvus.server)): Promise<string[]> {
    const { entities } = good(await this.client.listGrants({ roleName, db_name }));
    return entities
      .map(({ object, object_name, grantor }) => `${object.name} ${object_name} ${grantor.privilege.name}`)
      .sort();
  }

  /** The SDK grants in the database of its client. */
  async grant(roleName: string, database: string, privilegeName: string, objectName = "*"): Promise<void> {
    await this.operate("grantPrivilege", roleName, database, privilegeName, objectName);
  }

  async revoke(
    roleName: string,
    database: string,
    privilegeName: string,
    objectName = "*",
    object = "Collection",
  ): Promise<void> {
    await this.operate("revokePrivilege", roleName, database, privilegeName, objectName, object);
  }

  /** One of {@link grants}. */
  async revokeGrant(roleName: string, database: string, grant: string): Promise<void> {
    const [object, objectName, privilege] = grant.split(" ") as [string, string, string];
    await this.revoke(roleName, database, privilege, objectName, object);
  }

  private async operate(
    operation: "grantPrivilege" | "revokePrivilege",
    roleName: string,
    database: string,
    privilegeName: string,
    objectName: string,
    object = "Collection",
  ): Promise<void> {
    const client = clientOf({ ...this.milvus.server, database }, { maxRetries: 0 });
    good(await client[operation]({ roleName, object: object as never, objectName, privilegeName }));
    await client.closeConnection();
  }

  /** Everything with the suffix in its name. */
  async cleanUp(databases: readonly string[]): Promise<void> {
    for (const username of await this.users()) await this.client.deleteUser({ username });
    for (const roleName of await this.roles()) {
      for (const database of [databaseOf(this.milvus.server), ...databases])
        for (const grant of await this.grants(roleName, database))
          await this.revokeGrant(roleName, database, grant).catch(() => undefined);
      await this.client.dropRole({ roleName });
    }
    for (const db_name of databases) {
      const { data } = await this.client.showCollections({ db_name });
      for (const { name } of data) await this.client.dropCollection({ db_name, collection_name: name });
      await this.client.dropDatabase({ db_name });
    }
  }
}
