/**
 * What a run released and could not load again is kept in the state of the resource that released it: a refresh tells of
 * it, a preview shows an update, and the next update loads it.
 */
import { optional } from "../../core/properties";
import { Unfinished } from "../../core/resource";
import { json } from "../../core/shapes";
import type { Milvus } from "../../milvus/gateway";
import type { LoadedAs } from "../../milvus/loading";
import { aCollection, type CollectionRef } from "../../milvus/names";

/** An output of whatever releases a collection, missing while nothing is owed; states of before it have none. */
export const owedLoad = optional(json(), {
  doc:
    "How its collection was loaded before a run released it that could not load it again: the next `pulumi up` does. " +
    "Left out while nothing is owed.",
  change: "ignore",
});

export interface Owing {
  readonly owedLoad?: Record<string, unknown>;
}

export function owedIn({ owedLoad: owed }: Owing): LoadedAs | undefined {
  return owed as unknown as LoadedAs | undefined;
}

/** A run released a collection, and Milvus did not load it again. */
export class NotLoadedAgain extends Error {
  override readonly name = "NotLoadedAgain";
  constructor(
    private readonly ref: CollectionRef,
    readonly owed: LoadedAs,
    private readonly reason: string,
    /** What had failed before, and comes first. */
    before?: Error,
  ) {
    const what =
      `${aCollection(ref)} was loaded (${inWords(owed)}), had to be released and could not be loaded again: ` +
      withoutStop(reason);
    super(before ? `${withoutStop(before.message)}. Besides, ${what}` : what, { cause: before });
  }

  /** The same beside another failure. */
  besides(other: Error | undefined): NotLoadedAgain {
    return other ? new NotLoadedAgain(this.ref, this.owed, this.reason, other) : this;
  }

  /** The error of an operation that keeps it in the state. */
  keptIn<State extends object>(state: State): Unfinished<State & Owing> {
    return new Unfinished(
      { ...state, owedLoad: { ...this.owed } },
      `${this.message}. The state keeps how it was loaded: run \`pulumi up\` again once the reason is gone, and it is ` +
        "loaded so again",
    );
  }

  /** The error of an operation after which there is no state that could keep it. */
  get forWhoLoadsIt(): Error {
    return new Error(
      `${this.message}. The resource goes, and no state keeps it: load the collection again yourself once the reason is ` +
        "gone, or declare a CollectionLoad",
      { cause: this },
    );
  }
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, "");
}

/** "2 replicas, in resource groups a, b, of partitions c, d". */
function inWords({ replicaNumber, resourceGroups, partitionNames, loadFields }: LoadedAs): string {
  const groups = resourceGroups.length > 0 ? [`in resource groups ${resourceGroups.join(", ")}`] : [];
  const partitions = partitionNames ? [`partitions ${partitionNames.join(", ")}`] : ["all partitions"];
  const fields = loadFields ? [`fields ${loadFields.join(", ")}`] : [];
  const replicas = `${replicaNumber} ${replicaNumber === 1 ? "replica" : "replicas"}`;
  return [replicas, ...groups, ...partitions, ...fields].join(", ");
}

/** Of a state, as it is now: somebody else may have loaded it since. */
export async function stillOwed(milvus: Milvus, ref: CollectionRef, state: Owing): Promise<Owing> {
  const owed = owedIn(state);
  if (!owed || (await milvus.loading.loadedAs(ref))) return {};
  tellOwed(milvus, ref, owed);
  return { owedLoad: { ...owed } };
}

/** For a preview: what an update will do although nothing is declared otherwise. */
export function tellOwed(milvus: Milvus, ref: CollectionRef, owed: LoadedAs): void {
  milvus.logOnce(
    `${aCollection(ref)} was released by an earlier run, which could not load it again; \`pulumi up\` loads it as it was: ` +
      inWords(owed),
  );
}

/** What a state owes is due in this run, unless somebody else has loaded the collection since. */
export async function makeDue(milvus: Milvus, ref: CollectionRef, state: Owing): Promise<void> {
  const owed = owedIn(state);
  if (!owed || (await milvus.loading.loadedAs(ref))) return;
  milvus.run.loads.isDue(ref, owed);
  milvus.run.loads.mayBeLeftReleased(ref);
}
