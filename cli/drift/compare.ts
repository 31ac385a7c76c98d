/** Asks the live servers what has become of the objects of a state. Reads only. */
import { type Drifted, driftOf } from "../../provider/lifecycle/drift";
import { isSilence } from "../../provider/milvus/errors";
import type { Milvus } from "../../provider/milvus/gateway";
import { asError } from "../../provider/milvus/shared-reads";
import type { Servers } from "../preview/servers";
import type { RecordedObject, Values } from "./recorded";

export interface Compared {
  readonly recorded: RecordedObject;
  /** As the state has it, with all that names it. */
  readonly known: Values;
  /** The address of its server; missing where the settings of its provider are wrong. */
  readonly server?: string;
  /**
   * As the server has it; missing when it is gone, when nobody knows, and for what is not asked for: what the stack only
   * reads, and what it is about to drop.
   */
  readonly found?: Values;
  readonly isGone?: true;
  /** What somebody changed. */
  readonly drift: readonly Drifted[];
  /** Why the server could not be asked. */
  readonly unjudged?: string;
  /** It could not, since nobody answered. */
  readonly isSilent?: boolean;
}

export function compareAll(objects: readonly RecordedObject[], servers: Servers): Promise<Compared[]> {
  return Promise.all(objects.map((one) => compare(one, servers)));
}

async function compare(recorded: RecordedObject, servers: Servers): Promise<Compared> {
  const { state } = recorded;
  try {
    const milvus = servers.of(recorded.provider);
    const { resource, id } = recorded;
    const known: Values = { databaseName: milvus.database, ...resource.fromId(id, milvus), ...state };
    const unread = { recorded, known, server: milvus.address, drift: [] };
    if (recorded.isExternal || recorded.isLeftOver) return unread;
    return await read(milvus, unread).catch((error: unknown) => ({
      ...unread,
      unjudged: asError(error).message,
      isSilent: isSilence(error),
    }));
  } catch (error) {
    return { recorded, known: state, drift: [], unjudged: asError(error).message };
  }
}

/** As a refresh does: only a server that says that there is no such object makes it one that is gone. */
async function read(milvus: Milvus, unread: Compared): Promise<Compared> {
  const { resource, secrets } = unread.recorded;
  const found = (await resource.read(milvus, unread.known)) as Values | undefined;
  if (!found) return { ...unread, isGone: true };
  return { ...unread, found, drift: driftOf(resource.inputs, unread.known, found, secrets) };
}
