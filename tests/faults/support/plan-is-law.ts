/** Nothing happens at `up` that the preview did not say: each call that changes something belongs to one of its steps. */
import { namesIn } from "../../../provider/core/shapes";
import { UNKNOWN } from "../../../provider/core/unknown";
import { isScratch } from "../../../provider/resources/in-collection/scratch-collections";
import type { PlannedStep } from "../../../tools/stack";
import { requestOf } from "../../support/fake-milvus/proto";
import type { GrpcProxy } from "../../support/grpc-proxy";

type Values = Readonly<Record<string, unknown>>;

interface Change {
  readonly method: string;
  readonly request: Values;
}

/** Whose steps a call may belong to, and which parts of a request name what it changes. */
interface Rule {
  readonly kinds: readonly string[];
  readonly names: readonly string[];
}

const COLLECTION: Rule = { kinds: ["Collection"], names: ["collection_name"] };
const PARTITION: Rule = {
  kinds: ["Partition", "PartitionSet"],
  names: ["collection_name", "partition_name"],
};
const INDEX: Rule = { kinds: ["Index"], names: ["collection_name", "index_name"] };
const ALIAS: Rule = { kinds: ["Alias", "Collection"], names: ["alias"] };
const DATABASE: Rule = { kinds: ["Database"], names: ["db_name"] };
const ACCESS: Rule = { kinds: ["User", "Role", "RoleMembership", "Grant"], names: [] };
/** A release belongs to whatever cannot be dropped or changed without it, in the same collection. */
const LOAD: Rule = {
  kinds: ["CollectionLoad", "Collection", "Index", "Partition", "PartitionSet"],
  names: ["collection_name"],
};

const RULES: Readonly<Record<string, Rule>> = {
  CreateDatabase: DATABASE,
  DropDatabase: DATABASE,
  AlterDatabase: DATABASE,
  CreateCollection: COLLECTION,
  DropCollection: COLLECTION,
  AlterCollection: COLLECTION,
  AlterCollectionField: COLLECTION,
  AddCollectionField: COLLECTION,
  AlterCollectionSchema: COLLECTION,
  RenameCollection: { kinds: ["Collection"], names: ["oldName"] },
  CreatePartition: PARTITION,
  DropPartition: PARTITION,
  CreateIndex: INDEX,
  AlterIndex: INDEX,
  DropIndex: INDEX,
  CreateAlias: ALIAS,
  AlterAlias: ALIAS,
  DropAlias: ALIAS,
  LoadCollection: LOAD,
  LoadPartitions: LOAD,
  ReleaseCollection: LOAD,
  ReleasePartitions: LOAD,
  CreateCredential: ACCESS,
  UpdateCredential: ACCESS,
  DeleteCredential: ACCESS,
  CreateRole: ACCESS,
  DropRole: ACCESS,
  OperateUserRole: ACCESS,
  OperatePrivilege: ACCESS,
  OperatePrivilegeV2: ACCESS,
};

/** Reads nothing of the server, or leaves what it holds as it was. */
const NO_CHANGE = /^(Connect|Get|Describe|Show|Has|List|Select|Query|Search|Check|Flush|AllocTimestamp)/;

/** Hears each change that passes the proxy from now on. */
export function changesThrough(proxy: GrpcProxy): Change[] {
  const changes: Change[] = [];
  proxy.asked = (method, request) => {
    if (!NO_CHANGE.test(method)) changes.push({ method, request: requestOf<Values>(method, request) });
  };
  return changes;
}

/** The changes that no step of the preview says, each in words. */
export function unannounced(changes: readonly Change[], steps: readonly PlannedStep[]): string[] {
  const planned = steps.filter(({ op }) => !["same", "read", "refresh"].includes(op)).map(namesOf);
  return changes
    .filter(({ method, request }) => {
      // A preview with a replacement says that it will be tried, before anything is dropped for it.
      if (isScratch(String(request["collection_name"]))) return !planned.some(({ isTried }) => isTried);
      const rule = RULES[method];
      if (!rule) return true;
      const wanted = rule.names.map((name) => String(request[name]));
      return !planned.some(({ kind, isOpen, names }) =>
        isOpen
          ? rule.kinds.includes(kind)
          : rule.kinds.includes(kind) && wanted.every((name) => names.has(name)),
      );
    })
    .map(({ method, request }) => `${method} ${JSON.stringify(request)}`);
}

interface Planned {
  readonly kind: string;
  /** Of the object and all it is in, before and after. */
  readonly names: ReadonlySet<string>;
  /** Some of them are known at `up` alone. */
  readonly isOpen: boolean;
  /** Whether something is dropped for another one, which is tried first. */
  readonly isTried: boolean;
}

function namesOf({ op, urn, oldState, newState }: PlannedStep): Planned {
  const kind = urn.split("::")[2]?.split(":").pop() ?? "";
  const values = [oldState?.inputs, oldState?.outputs, newState?.inputs, newState?.outputs].flatMap((some) =>
    Object.entries(some ?? {}).filter(([name]) => /Names?$/.test(name)),
  );
  const names = values.flatMap(([, value]): unknown[] =>
    typeof value === "object" && value !== null ? namesIn(value as Values) : [value],
  );
  const isTried = op.includes("replace") && ["Index", "Collection"].includes(kind);
  return { kind, names: new Set(names.map(String)), isOpen: names.includes(UNKNOWN), isTried };
}
