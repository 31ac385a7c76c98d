/** What a reviewer has to know of a preview: what is lost, what stops working meanwhile, and the rest. */
import type { ServedLess } from "../../provider/core/resource";
import type { EntityCount } from "../../provider/milvus/entities";
import { IN_WORDS } from "../../provider/lifecycle/protection";
import { entities, inWords } from "../../provider/resources/common/counts";
import { takenOverInWords } from "../../provider/resources/common/standing";
import { inWords as servedInWords } from "../../provider/resources/in-collection/served";
import { counted } from "../words";
import { commandFor } from "./acknowledge";
import type { Changed } from "./changes";
import { isGoing, type Judged } from "./judge";
import { isOfCollection, type Operation } from "./plan";

/** What is to happen to an object. */
export interface Planned {
  /** `partition y2023 of collection documents`. */
  readonly object: string;
  readonly operation: Operation;
  /** The inputs because of which it is replaced, or changed in place as far as the engine says that, as programs call them. */
  readonly reasons: readonly string[];
  /** Of what is replaced or changed in place: each path that differs. */
  readonly changes: readonly Changed[];
}

/** What holds data and goes, or would go. */
export interface Holding extends Planned {
  /** As acknowledgements name it: `default/documents/y2023`. */
  readonly id: string;
  readonly operation: "delete" | "replace";
  readonly entities: EntityCount;
  /** "1,250,000 entities", "an unknown number of entities (...)". */
  readonly entitiesInWords: string;
  /** Whether it can be searched. */
  readonly loaded: boolean;
  /** Those that point at it. */
  readonly aliases: readonly string[];
}

/** What would be lost. */
export interface Loss extends Holding {
  /** Whether its id is in `milvus:acknowledgedDataLoss`. */
  readonly acknowledged: boolean;
  /** Why `pulumi up` refuses it as it stands; missing when it does not. */
  readonly refusedBecause?: string;
}

/** What holds no data and is missed all the same. */
export interface Interruption extends Planned {
  readonly id: string;
  readonly operation: "delete" | "replace";
  /** What stops working, and for how long. */
  readonly consequence: string;
}

/** An alias that would be pointed at a collection that holds less. */
export interface ServingLess extends ServedLess {
  readonly id: string;
  /** "alias documents would serve 0 entities, today 40 (collection ... instead of ...)". */
  readonly inWords: string;
}

/** What stands on the server already, and `pulumi up` refuses to take over. */
export interface Refused extends Planned {
  /** In the words of its error. */
  readonly because: string;
}

/** What nobody could be asked about. */
export interface Unjudged extends Planned {
  /** Empty for what is yet to be made. */
  readonly id: string;
  /** Such as a server that does not answer. */
  readonly because: string;
}

/** A change that loses nothing. */
export interface Other extends Planned {
  /**
   * Of a deletion or replacement, why it loses nothing: it holds nothing, is gone already, or goes with its collection. Of
   * what is made, that it exists already and is taken over.
   */
  readonly note?: string;
}

/** What `pulumi-milvus preview --json` prints. */
export interface Report {
  /** Of the form of this report: another one where a key is gone, or means something else. */
  readonly version: 1;
  /** The stack, where one was named. */
  readonly stack?: string;
  /** The report in one line. */
  readonly verdict: string;
  /**
   * 0: nothing is lost; 2: data would be lost that is not acknowledged, or `pulumi up` refuses something; 3: it could not be
   * judged; 1: the preview failed.
   */
  readonly exitCode: 0 | 1 | 2 | 3;
  /** Data that would be lost, acknowledged or not. */
  readonly losses: readonly Loss[];
  /** What protects its own data: `pulumi up` does not drop it, and says so as an error, until it is acknowledged. */
  readonly kept: readonly Holding[];
  /** Aliases that would serve less, which `pulumi up` refuses. */
  readonly servingLess: readonly ServingLess[];
  /** What stands on the server already, and `pulumi up` refuses to take over. */
  readonly refused: readonly Refused[];
  /** What stops working meanwhile, or for good. */
  readonly interruptions: readonly Interruption[];
  /** What nobody could be asked about. */
  readonly unjudged: readonly Unjudged[];
  /** What is changed in place. */
  readonly inPlace: readonly Other[];
  /** What is made, or taken over. */
  readonly additions: readonly Other[];
  /** Deletions and replacements that lose nothing. */
  readonly rest: readonly Other[];
  /** Ids that are acknowledged, and not being dropped. */
  readonly unneeded: readonly string[];
  /** The engine's own words, when the preview failed. */
  readonly previewError?: string;
  /** The command that acknowledges every loss that is not acknowledged yet. */
  readonly acknowledgeCommand?: string;
  /** The ids in that command: those of today, and those of the losses that are not acknowledged yet. */
  readonly acknowledgedDataLoss?: readonly string[];
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
  const creates = changes.filter(({ operation }) => operation === "create");
  const refused = creates.flatMap(refusedOf);
  const updates = changes.filter(({ operation }) => operation === "update");
  const servingLess = updates.flatMap(servingLessOf);
  const unjudged = [...alone, ...updates].flatMap(unjudgedOf);
  // Not by id: the load of a collection has that of the collection.
  const told = new Set([...losses, ...kept, ...interruptions, ...unjudged].map(({ object }) => object));
  const open = losses.filter((loss) => !loss.acknowledged);
  const lost = new Set(losses.map(({ id }) => id));
  const ids = [...new Set([...acknowledged, ...open.map(({ id }) => id)])];
  return {
    version: 1,
    ...(stack !== undefined && { stack }),
    ...verdictOf({ open, losses, kept, servingLess, refused, unjudged }, previewError),
    losses,
    kept,
    servingLess,
    refused,
    interruptions,
    unjudged,
    inPlace: updates.map(plannedOf),
    additions: creates.filter((change) => refusedOf(change).length === 0).map(additionOf),
    rest: going
      .filter((change) => !told.has(change.object))
      .map((change) => {
        const collection = collectionOf(change);
        const withIt = collection && `${stays(collection) ? "stays" : "goes"} with its collection`;
        return { ...plannedOf(change), note: withIt ?? noteOf(change) };
      }),
    unneeded: acknowledged.filter((id) => !lost.has(id)),
    ...(previewError !== undefined && { previewError }),
    ...(open.length > 0 && {
      acknowledgeCommand: commandFor(ids, stack),
      acknowledgedDataLoss: ids,
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

function holdingOf(change: Judged): Holding | undefined {
  const { loss, facts } = change;
  if (!loss) return undefined;
  const entities = facts?.count ?? UNCOUNTED;
  return {
    id: loss.id,
    ...goingOf(change),
    entities,
    entitiesInWords: inWords(entities),
    loaded: facts?.loaded ?? false,
    aliases: facts?.aliases ?? [],
  };
}

function interruptionOf(change: Judged): Interruption | undefined {
  const { kind, facts, id = "", operation, outage } = change;
  if (outage !== undefined && facts?.exists) return { id, ...goingOf(change), consequence: outage };
  if (kind !== "Index" || !facts?.exists || !facts.loaded) return undefined;
  const collection = id.split("/").slice(0, 2).join("/");
  const rows = facts.count ? inWords(facts.count) : "its entities";
  const consequence =
    operation === "replace"
      ? `collection ${collection} cannot be searched until ${facts.indexType ?? "the index"} is built again over ${rows}`
      : facts.onVector
        ? `collection ${collection} stops being searchable`
        : `collection ${collection} is released and loaded again: searches fail for some seconds`;
  return { id, ...goingOf(change), consequence };
}

function servingLessOf({ id = "", servesLess }: Judged): ServingLess[] {
  return servesLess ? [{ ...servesLess, id, inWords: servedInWords(servesLess) }] : [];
}

function refusedOf(change: Judged): Refused[] {
  const refusal = change.standing?.refusal;
  return refusal === undefined ? [] : [{ ...plannedOf(change), because: refusal }];
}

function additionOf(change: Judged): Other {
  const { standing, unseen } = change;
  if (unseen !== undefined)
    return { ...plannedOf(change), note: `what stands there could not be looked at: ${unseen}` };
  if (!standing) return plannedOf(change);
  return { ...plannedOf(change), note: takenOverInWords(standing) };
}

function unjudgedOf(change: Judged): Unjudged[] {
  const { id = "", unjudged } = change;
  return unjudged === undefined ? [] : [{ id, ...plannedOf(change), because: unjudged }];
}

function plannedOf({ object, operation, reasons, changes = [] }: Judged): Planned {
  return { object, operation, reasons, changes };
}

/** Of what goes, or is replaced. */
function goingOf(change: Judged): Planned & Pick<Holding, "operation"> {
  return { ...plannedOf(change), operation: change.operation as Holding["operation"] };
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
  readonly refused: readonly Refused[];
  readonly unjudged: readonly Unjudged[];
}

function verdictOf(
  { open, losses, kept, servingLess, refused, unjudged }: Counted,
  previewError: string | undefined,
): Pick<Report, "verdict" | "exitCode"> {
  const total = `${counted(open.length, "object")} with data`;
  const parts = [
    open.length > 0 && `${total} would be dropped: ${totalInWords(open)} lost`,
    open.length === 0 &&
      losses.length > 0 &&
      `${totalInWords(losses)} would be lost, all of them acknowledged`,
    losses.length === 0 && kept.length > 0 && NOTHING_LOST,
    kept.length > 0 &&
      `${counted(kept.length, "object")} with data ${kept.length === 1 ? "stays" : "stay"} until acknowledged: ` +
        totalInWords(kept),
    ...servingLess.map((less) => less.inWords),
    refused.length > 0 &&
      `${counted(refused.length, "object")} ${refused.length === 1 ? "exists" : "exist"} already and would be refused`,
    unjudged.length > 0 && `${counted(unjudged.length, "object")} could not be judged`,
    previewError !== undefined && "the preview itself failed",
  ].filter((part) => part !== false);
  return {
    verdict: parts.length > 0 ? parts.join("; ") : NOTHING_LOST,
    exitCode: exitCodeOf(open.length + servingLess.length + refused.length, unjudged.length, previewError),
  };
}

function exitCodeOf(refused: number, unjudged: number, previewError: string | undefined): Report["exitCode"] {
  if (previewError !== undefined) return 1;
  return refused > 0 ? 2 : unjudged > 0 ? 3 : 0;
}

const NOTHING_LOST = "no data would be lost";

/** Never more certain than its parts. */
export function totalInWords(holdings: readonly Holding[]): string {
  const known = holdings.reduce(
    (sum, { entities: count }) => sum + (count.kind === "unknown" ? 0 : count.rows),
    0,
  );
  if (holdings.every((holding) => holding.entities.kind === "exact")) return entities(known);
  return known > 0 ? `at least ${entities(known)}` : "an unknown number of entities";
}
