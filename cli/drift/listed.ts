/** Lists what stands on the servers of a stack's objects. Reads only. */
import { isDenied, isSilence, NotFoundError } from "../../provider/milvus/errors";
import type { Milvus } from "../../provider/milvus/gateway";
import { ANY } from "../../provider/milvus/grants";
import { DEFAULT_DATABASE } from "../../provider/milvus/settings";
import { asError } from "../../provider/milvus/shared-reads";
import { type AnyResource, resources } from "../../provider/registry";
import type { Servers } from "../preview/servers";
import type { Compared } from "./compare";
import type { Values } from "./recorded";
import type { ListedObject } from "./undeclared";
import { inWords } from "../words";

/** What could not be listed, and why. */
export interface Unlisted {
  /** `each partition of database default on 127.0.0.1:19530`. */
  readonly object: string;
  readonly because: string;
}

export interface Listed {
  readonly standing: readonly ListedObject[];
  readonly unlisted: readonly Unlisted[];
}

/** Each server of the stack's objects, with the settings of the providers that have some there. */
export async function listAll(
  compared: readonly Compared[],
  servers: Servers,
  allDatabases = false,
): Promise<Listed> {
  const addresses = [...new Set(compared.flatMap(({ server }) => server ?? []))];
  const listed = await Promise.all(
    addresses.map(async (address): Promise<Listed> => {
      const there = compared.filter(({ server }) => server === address);
      // It would be waited for once more.
      if (there.every(({ isSilent }) => isSilent)) return { standing: [], unlisted: [unanswered(address)] };
      const providers = [...new Set(there.map(({ recorded }) => recorded.provider))];
      const asked = providers.map((provider) => servers.of(provider));
      return new OneServer(address, asked, there, allDatabases).list();
    }),
  );
  return {
    standing: listed.flatMap(({ standing }) => standing),
    unlisted: listed.flatMap(({ unlisted }) => unlisted),
  };
}

function restOf(address: string): string {
  return `what else stands on ${address}`;
}

function unanswered(address: string): Unlisted {
  return { object: restOf(address), because: "the server does not answer" };
}

/** Whether a collection is loaded is how it is, and no object. */
const NO_OBJECT = "CollectionLoad";

/**
 * What belongs to no database is managed together or not at all: a stack that declares a role is asked what other users,
 * roles and grants there are, and a stack of collections alone is not, since they are not its own.
 */
const TOGETHER: readonly (readonly string[])[] = [
  ["Database"],
  ["ResourceGroup"],
  ["User", "Role", "RoleMembership", "Grant", "PrivilegeGroup"],
];

class OneServer {
  private readonly standing: ListedObject[] = [];
  private readonly unlisted: Unlisted[] = [];
  private everyDatabase: Promise<readonly string[]> | undefined;

  constructor(
    private readonly address: string,
    /** As each provider reaches it; one may be allowed to list what another is not. */
    private readonly asked: readonly Milvus[],
    private readonly compared: readonly Compared[],
    private readonly allDatabases: boolean,
  ) {}

  async list(): Promise<Listed> {
    try {
      const databases = this.allDatabases ? await this.databasesOfServer() : this.databasesOfStack;
      for (const resource of Object.values(resources) as unknown as AnyResource[])
        if (this.isLookedAt(resource)) await this.listKind(resource, databases);
    } catch (error) {
      // Nobody answers: nobody will say more of the rest.
      this.unlisted.push({ object: restOf(this.address), because: asError(error).message });
    }
    return { standing: this.standing, unlisted: this.unlisted };
  }

  private isLookedAt({ kind }: AnyResource): boolean {
    if (kind === NO_OBJECT) return false;
    const together = TOGETHER.find((kinds) => kinds.includes(kind));
    if (!together || this.allDatabases) return true;
    return this.compared.some(({ recorded: { resource } }) => together.includes(resource.kind));
  }

  private get databasesOfStack(): readonly string[] {
    const names = this.compared
      .filter(({ recorded: { resource } }) => Object.hasOwn(resource.inputs, "databaseName"))
      .map(({ known, found = known }) => String(found["databaseName"]));
    return [...new Set(names)].filter((name) => name !== ANY).sort();
  }

  private databasesOfServer(): Promise<readonly string[]> {
    this.everyDatabase ??= this.permitted((milvus) => milvus.databases.list(), "each database");
    return this.everyDatabase;
  }

  private async listKind(resource: AnyResource, databases: readonly string[]): Promise<void> {
    const { kind, inputs } = resource;
    if (kind === "Database") return this.listIn(resource, await this.databasesOfServer());
    if (inputs["databaseName"] === undefined) return this.listIn(resource, [DEFAULT_DATABASE]);
    if (kind !== "Grant") return this.listIn(resource, databases);
    // Those for all databases are listed beside those of the one that every server has.
    const isIn = ({ databaseName }: Values): boolean => [ANY, ...databases].includes(String(databaseName));
    return this.listIn(resource, [...new Set([DEFAULT_DATABASE, ...databases])], isIn);
  }

  private async listIn(
    resource: AnyResource,
    databases: readonly string[],
    isWanted: (state: Values) => boolean = () => true,
  ): Promise<void> {
    const { address: server } = this;
    const isNamed = resource.kind !== "Index" || (await this.namesIndexes());
    for (const database of databases) {
      const where = resource.inputs["databaseName"] === undefined ? "" : ` of database ${database}`;
      const listed = (milvus: Milvus) => resource.list(milvus, database) as Promise<Values[]>;
      const states = await this.permitted(listed, `each ${inWords(resource.kind)}${where}`);
      const wanted = states.filter(isWanted);
      this.standing.push(...wanted.map((state) => ({ resource, state, server, isNamed })));
    }
  }

  private async namesIndexes(): Promise<boolean> {
    const [milvus] = this.asked;
    return milvus === undefined || milvus.supports("namedIndexes");
  }

  /** None, which is noted, where no provider may; throws when nobody answers. */
  private async permitted<T>(
    ask: (milvus: Milvus) => Promise<readonly T[]>,
    what: string,
  ): Promise<readonly T[]> {
    let denied: unknown;
    for (const milvus of this.asked) {
      try {
        return await ask(milvus);
      } catch (error) {
        // A database that is gone has nothing in it.
        if (error instanceof NotFoundError) return [];
        if (isSilence(error)) throw error;
        denied = error;
        if (!isDenied(error)) break;
      }
    }
    this.note(`${what} on ${this.address}`, denied);
    return [];
  }

  private note(object: string, error: unknown): void {
    this.unlisted.push({ object, because: asError(error).message });
  }
}
