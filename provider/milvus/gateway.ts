/** Milvus as the resources see it: typed calls by object, each within the time of its operation. */
import type { Decisions } from "../core/decisions";
import type { Judge } from "../core/properties";
import type { Run } from "../run";
import { Aliases } from "./aliases";
import type { Caller, OperationCall } from "./caller";
import { Collections } from "./collections";
import { type Connection, connectionTo } from "./connection";
import { Databases } from "./databases";
import { Entities } from "./entities";
import { Grants } from "./grants";
import { Indexes } from "./indexes";
import { Loading } from "./loading";
import { Partitions } from "./partitions";
import { PrivilegeGroups } from "./privilege-groups";
import { ResourceGroups } from "./resource-groups";
import { Roles } from "./roles";
import type { ServerSettings } from "./settings";
import { Users } from "./users";
import { demand, type FeatureName, knows, lacks, type ServerVersion } from "./versions";

/** For reads, which many operations share, in seconds; a restarted server needs half a minute to be ready. */
const READ_TIMEOUT = 120;

export class Milvus implements Caller, Judge {
  readonly databases: Databases;
  readonly collections: Collections;
  readonly aliases: Aliases;
  readonly partitions: Partitions;
  readonly indexes: Indexes;
  readonly loading: Loading;
  readonly entities: Entities;
  readonly users: Users;
  readonly roles: Roles;
  readonly grants: Grants;
  readonly privilegeGroups: PrivilegeGroups;
  readonly resourceGroups: ResourceGroups;

  private constructor(
    private readonly connection: Connection,
    /** The database of resources that name none. */
    readonly database: string,
    private readonly timeLeft: () => number,
    /** What the run of the engine knows that the calls belong to. */
    readonly run: Run,
    shared?: Milvus,
    /** In milliseconds. */
    private readonly age = 0,
  ) {
    this.databases = new Databases(this);
    this.collections = new Collections(this, shared?.collections);
    this.aliases = new Aliases(this);
    this.partitions = new Partitions(this, shared?.partitions);
    this.indexes = new Indexes(this, shared?.indexes);
    this.loading = new Loading(this, this.partitions, shared?.loading);
    this.entities = new Entities(this, this.partitions, this.loading);
    this.users = new Users(this, shared?.users);
    this.roles = new Roles(this, shared?.roles);
    this.grants = new Grants(this, this.roles, this.databases, shared?.grants);
    this.privilegeGroups = new PrivilegeGroups(this, shared?.privilegeGroups);
    this.resourceGroups = new ResourceGroups(this);
  }

  /** Connects at the first call. */
  static at(settings: ServerSettings, run: Run): Milvus {
    const connection = connectionTo(settings);
    // What is read for many is read for the one with the most time: each of them waits within its own.
    const timeLeft = (): number => Math.max(Date.now() + READ_TIMEOUT * 1000, connection.patientUntil);
    return new Milvus(connection, settings.database, timeLeft, run);
  }

  /** A server that has not answered in this process yet is waited for so many seconds, whatever calls it. */
  waitForFirstAnswer(seconds: number): void {
    this.connection.waitForFirstAnswer(Date.now() + seconds * 1000);
  }

  /** The same server for an operation that has so many seconds in all. */
  within(seconds: number): Milvus {
    const deadline = Date.now() + seconds * 1000;
    return new Milvus(this.connection, this.database, () => deadline, this.run, this);
  }

  /**
   * The same server for somebody who is content with answers that are so many milliseconds old, as long as nothing was
   * changed from here since.
   */
  withAnswersOf(age: number): Milvus {
    return new Milvus(this.connection, this.database, this.timeLeft, this.run, this, age);
  }

  get decisions(): Decisions {
    return this.run.decisions;
  }

  logOnce(line: string): void {
    this.run.lines.once(line);
  }

  get since(): number {
    return this.age === 0 ? Infinity : Math.max(Date.now() - this.age, this.connection.changedAt + 1);
  }

  get deadline(): number {
    return this.timeLeft();
  }

  private get patience() {
    const { deadline, run } = this;
    return { deadline, isCancelled: () => run.isCancelled };
  }

  get waitsUntil(): number {
    return this.run.isCancelled ? 0 : this.deadline;
  }

  get whyNoLonger(): string {
    return this.run.isCancelled ? "the run was cancelled" : "the time is up";
  }

  get address(): string {
    return this.connection.address;
  }

  /** Whom it connects as; nothing with an API key, or without authorization. */
  get userName(): string | undefined {
    return this.connection.userName;
  }

  call<T>(call: OperationCall<T>): Promise<T> {
    return this.connection.call({ ...call, ...this.patience });
  }

  version(): Promise<ServerVersion> {
    return this.connection.version(this.patience);
  }

  async supports(feature: string): Promise<boolean> {
    return knows(await this.version(), feature as FeatureName);
  }

  async lacks(feature: string): Promise<string> {
    return lacks(await this.version(), feature as FeatureName);
  }

  /** Throws, in the user's terms, when the server does not know the feature that `subject` uses. */
  async demand(feature: FeatureName, subject: string): Promise<void> {
    demand(await this.version(), feature, subject);
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
