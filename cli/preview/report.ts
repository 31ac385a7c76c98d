/** What a reviewer has to know of a preview: what is lost, what stops working meanwhile, and the rest. */
import type { ServedLess } from "../../provider/core/resource";
import type { EntityCount } from "../../provider/milvus/entities";
import { IN_WORDS } from "../../provider/lifecycle/protection";
import { inWords } from "../../provider/resources/common/counts";
import { inWords as servedInWords } from "../../provider/resources/in-collection/served";
import { isGoing, type Judged } from "./judge";
import { isOfCollection } from "./plan";

/** What holds data and goes, or would go. */
export interface Holding {
  /** As acknowledgements name it: `default/documents/y2023`. */
  readonly id: string;
  readonly object: string;
  readonly operation: "delete" | "replace";
  readonly reasons: readonly string[];
  readonly entities: EntityCount;
  readonly entitiesInWords: string;
  readonly loaded: boolean;
  readonly aliases: readonly string[];
}

export interface Loss extends Holding {
  readonly acknowledged: boolean;
  /** Why `pulumi up` refuses it as it stands; missing when it does not. */
  readonly refusedBecause?: string;
}

export interface Interruption {
  readonly id: string;
  readonly object: string;
  readonly operation: "delete" | "replace";
  readonly consequence: string;
}

/** An alias that would be pointed at a collection that holds less, which `pulumi up` refuses. */
export interface ServingLess extends ServedLess {
  readonly id: string;
  /** "alias documents would serve 0 entities, today 40 (collection ... instead of ...)". */
  readonly inWords: string;
}

export interface Unjudged {
  readonly id: string;
  readonly object: string;
  readonly because: string;
}

export interface Other {
  readonly object: string;
  readonly operation: string;
  readonly reasons: readonly string[];
  /** Why a deletion or replacement is in this list: it holds nothing, is gone already, or goes with its collection. */
  readonly note?: string;
}

export interface Report {
  readonly verdict: string;
  readonly exitCode: 0 | 1 | 2 | 3;
  readonly losses: readonly Loss[];
  /** What protects its own data: `pulumi up` does not drop it, and says so as an error, until it is acknowledged. */
  readonly kept: readonly Holding[];
  readonly servingLess: readonly ServingLess[];
  readonly interruptions: readonly Interruption[];
  readonly unjudged: readonly Unjudged[];
  readonly inPlace: readonly Other[];
  readonly additions: readonly Other[];
  readonly rest: readonly Other[];
  /** Acknowledged, and not being dropped. */
  readonly unneeded: readonly string[];
  readonly previewError?: string;
  /** What acknowledges every loss that is not acknowledged yet. */
  readonly acknowledgeCommand?: string;
}

export interface ReportInput {
  readonly changes: readonly Judged[];
  /** The ids that the policy of a provider acknowledges. */
  readonly acknowledgedOf: (provider: string | undefined) => readonly string[];
  readonly previewError?: string;
  readonly stack?: string;
}

export function makeReport({ changes, acknowledgedOf, previewError, stack }: ReportInput): Report {
  const acknowledged = [
    ...new Set([undefined, ...changes.map(({ provider }) => provider)].flatMap(acknowledgedOf)),
  ];
  const stays = (change: Judged): boolean => change.isRetained === true || isKept(change);
  const collections = new Map(
    changes
      .filter((change) => change.kind === "Collection" && isGoing(change) && !change.isTakenOver)
      .map((change) => [change.id, change]),
  );
  /** The collection that goes, or stays, with it. What is dropped on its own does not stay with its collection. */
  const collectionOf = (change: Judged): Judged | undefined => {
    if (change.kind === "Collection" || !isOfCollection(change.kind)) return undefined;
    const collection = collections.get(change.id?.split("/").slice(0, 2).join("/"));
    return collection && stays(collection) && change.deletedWith !== collection.urn ? undefined : collection;
  };
  const going = changes.filter(isGoing);
  const alone = going.filter((change) => !collectionOf(change));
  const kept = alone.filter(isKept).flatMap((change) => holdingOf(change) ?? []);
  const losses = alone.filter((change) => !isKept(change)).flatMap((change) => lossOf(change) ?? []);
  const interruptions = alone.flatMap((change) => interruptionOf(change) ?? []);
  const updates = changes.filter(({ operation }) => operation === "update");
  const servingLess = updates.flatMap(servingLessOf);
  const unjudged = [...alone, ...updates].flatMap(unjudgedOf);
  // Not by id: the load of a collection has that of the collection.
  const told = new Set([...losses, ...kept, ...interruptions, ...unjudged].map(({ object }) => object));
  const open = losses.filter((loss) => !loss.acknowledged);
  const lost = new Set(losses.map(({ id }) => id));
  return {
    ...verdictOf({ open, losses, kept, servingLess, unjudged }, previewError),
    losses,
    kept,
    servingLess,
    interruptions,
    unjudged,
    inPlace: updates.map(asOther),
    additions: changes.filter(({ operation }) => operation === "create").map(asOther),
    rest: going
      .filter((change) => !told.has(change.object))
      .map((change) => {
        const collection = collectionOf(change);
        const withIt = collection && `${stays(collection) ? "stays" : "goes"} with its collection`;
        return { ...asOther(change), note: withIt ?? noteOf(change) };
      }),
    unneeded: acknowledged.filter((id) => !lost.has(id)),
    ...(previewError !== undefined && { previewError }),
    ...(open.length > 0 && {
      acknowledgeCommand: acknowledgeCommand([...acknowledged, ...open.map(({ id }) => id)], stack),
    }),
  };
}

/** What protects its own data stays, whatever takes it away. */
function isKept({ loss }: Judged): boolean {
  return loss?.protectedBy === "object";
}

function lossOf(change: Judged): Loss | undefined {
  const holding = holdingOf(change);
  if (!holding || !change.loss) return undefined;
  const { acknowledged, protectedBy } = change.loss;
  return { ...holding, acknowledged, ...(protectedBy && { refusedBecause: IN_WORDS[protectedBy] }) };
}

const UNCOUNTED: EntityCount = { kind: "unknown", flushedRows: 0 };

function holdingOf({ loss, facts, object, operation, reasons }: Judged): Holding | undefined {
  if (!loss) return undefined;
  const entities = facts?.count ?? UNCOUNTED;
  return {
    id: loss.id,
    object,
    operation: operation as Holding["operation"],
    reasons,
    entities,
    entitiesInWords: inWords(entities),
    loaded: facts?.loaded ?? false,
    aliases: facts?.aliases ?? [],
  };
}

function interruptionOf(change: Judged): Interruption | undefined {
  const { kind, facts, id = "", object, operation, outage } = change;
  if (outage !== undefined && facts?.exists)
    return { id, object, operation: operation as Interruption["operation"], consequence: outage };
  if (kind !== "Index" || !facts?.exists || !facts.loaded) return undefined;
  const collection = id.split("/").slice(0, 2).join("/");
  const rows = facts.count ? inWords(facts.count) : "its entities";
  const consequence =
    operation === "replace"
      ? `collection ${collection} cannot be searched until ${facts.indexType ?? "the index"} is built again over ${rows}`
      : facts.onVector
        ? `collection ${collection} stops being searchable`
        : `collection ${collection} is released and loaded again: searches fail for some seconds`;
  return { id, object, operation: operation as Interruption["operation"], consequence };
}

function servingLessOf({ id = "", servesLess }: Judged): ServingLess[] {
  return servesLess ? [{ ...servesLess, id, inWords: servedInWords(servesLess) }] : [];
}

function unjudgedOf({ id = "", object, unjudged }: Judged): Unjudged[] {
  return unjudged === undefined ? [] : [{ id, object, because: unjudged }];
}

function asOther({ object, operation, reasons }: Judged): Other {
  return { object, operation, reasons };
}

function noteOf({ facts, kind, isTakenOver, isRetained }: Judged): string | undefined {
  if (isRetained) return "stays on the server, because of retainOnDelete";
  if (isTakenOver) return "is taken over by another resource of the program";
  if (!facts?.exists) return "is gone already";
  if (!isOfCollection(kind)) return undefined;
  if (kind === "Index") return "the collection is not loaded";
  return facts.count === undefined ? "holds no data of its own" : "holds no entities";
}

interface Counted {
  /** Of the losses, those that are not acknowledged. */
  readonly open: readonly Loss[];
  readonly losses: readonly Loss[];
  readonly kept: readonly Holding[];
  readonly servingLess: readonly ServingLess[];
  readonly unjudged: readonly Unjudged[];
}

function verdictOf(
  { open, losses, kept, servingLess, unjudged }: Counted,
  previewError: string | undefined,
): Pick<Report, "verdict" | "exitCode"> {
  const total = `${countOf(open.length, "object")} with data`;
  const parts = [
    open.length > 0 && `${total} would be dropped: ${totalInWords(open)} lost`,
    open.length === 0 &&
      losses.length > 0 &&
      `${totalInWords(losses)} would be lost, all of them acknowledged`,
    losses.length === 0 && kept.length > 0 && NOTHING_LOST,
    kept.length > 0 &&
      `${countOf(kept.length, "object")} with data ${kept.length === 1 ? "stays" : "stay"} until acknowledged: ` +
        totalInWords(kept),
    ...servingLess.map((less) => less.inWords),
    unjudged.length > 0 && `${countOf(unjudged.length, "object")} could not be judged`,
    previewError !== undefined && "the preview itself failed",
  ].filter((part) => part !== false);
  return {
    verdict: parts.length > 0 ? parts.join("; ") : NOTHING_LOST,
    exitCode: exitCodeOf(open.length + servingLess.length, unjudged.length, previewError),
  };
}

function exitCodeOf(refused: number, unjudged: number, previewError: string | undefined): Report["exitCode"] {
  if (previewError !== undefined) return 1;
  return refused > 0 ? 2 : unjudged > 0 ? 3 : 0;
}

const NOTHING_LOST = "no data would be lost";

function countOf(number: number, noun: string): string {
  return `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
}

/** Never more certain than its parts. */
export function totalInWords(holdings: readonly Holding[]): string {
  const known = holdings.reduce(
    (sum, { entities }) => sum + (entities.kind === "unknown" ? 0 : entities.rows),
    0,
  );
  const entities = known === 1 ? "1 entity" : `${known.toLocaleString("en-US")} entities`;
  if (holdings.every((holding) => holding.entities.kind === "exact")) return entities;
  return known > 0 ? `at least ${entities}` : "an unknown number of entities";
}

function acknowledgeCommand(ids: readonly string[], stack: string | undefined): string {
  const list = JSON.stringify([...new Set(ids)]);
  return `pulumi config set milvus:acknowledgedDataLoss '${list}'${stack === undefined ? "" : ` --stack ${stack}`}`;
}
