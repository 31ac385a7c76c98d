/** What a preview means to do to Milvus objects. Pure: nothing is asked of anybody. */
import { collectionBehindAlias } from "../../provider/components/collection-behind-alias";
import { isInCollection } from "../../provider/core/properties";
import type { Part } from "../../provider/core/resource";
import { containsUnknown, isUnknown } from "../../provider/core/unknown";
import { DECLARED_AS } from "../../provider/engines/dynamic";
import { argumentOf } from "../../provider/engines/plugin/collections";
import { nameIn } from "../../provider/engines/plugin/urns";
import { resourceOf } from "../../provider/registry";
import { holdsSecret, type Preview, type Step } from "./steps";

type Values = Readonly<Record<string, unknown>>;
export type Operation = "delete" | "replace" | "update" | "create";

export interface PlannedChange {
  readonly urn: string;
  /** The logical name in the program. */
  readonly name: string;
  /** Such as `Collection`. */
  readonly kind: string;
  readonly operation: Operation;
  /** The object as the state has it; missing when it is created. */
  readonly old?: Values;
  /** The inputs that the program wants; missing when it is deleted. */
  readonly wanted?: Values;
  readonly id?: string;
  /** The inputs behind an update or a replacement, as programs call them; dynamic resources say none of an update. */
  readonly reasons: readonly string[];
  /** `urn::id` of its provider. */
  readonly provider?: string;
  /** A resource that goes while another one of the program takes over what it stands for. */
  readonly isTakenOver?: boolean;
  /** The engine forgets it and lets nobody drop it, as the option `retainOnDelete` asks. */
  readonly isRetained?: boolean;
  /** An earlier run has replaced it and could not drop it, and the program has the resource still. */
  readonly isLeftOver?: boolean;
  /** The urn of the resource with which it goes without a drop of its own. */
  readonly deletedWith?: string;
}

const MILVUS_TYPE = /^(?:pulumi-nodejs:dynamic\/milvus|milvus:index):(\w+)$/;

/** Of a resource of this package, by its type; nothing for others, nor for a component, of which there is nothing on a server. */
export function kindOf(type: string): string | undefined {
  const kind = MILVUS_TYPE.exec(type)?.[1];
  return kind === collectionBehindAlias.kind ? undefined : kind;
}

const OPERATIONS: readonly string[] = ["delete", "replace", "update", "create"] satisfies Operation[];

export function plannedChanges({ steps = [] }: Preview): PlannedChange[] {
  const objectOf = ({ urn, oldState }: Step): string => `${urn} ${oldState?.id}`;
  const replaced = new Set(steps.filter(({ op }) => op === "replace").map(objectOf));
  const removed = new Set(steps.filter(({ op }) => op === "delete").map(({ urn }) => urn));
  const changes = steps.flatMap((step) => {
    const isLeftOver = step.op === "delete-replaced" && !replaced.has(objectOf(step));
    const change = plannedChange(isLeftOver ? leftOver(step) : step);
    if (!change) return [];
    // By its mark `up` knows it again; states of older versions have none.
    const isKnownAgain = isLeftOver && !removed.has(step.urn) && change.old?.[DECLARED_AS] !== undefined;
    return changesOfParts(isKnownAgain ? { ...change, isLeftOver } : change);
  });
  return changes.map((change) => (isTakenOver(change, changes) ? { ...change, isTakenOver: true } : change));
}

/** Replaced by an earlier run, which did not drop it: this one tries again, and replaces nothing for it. */
function leftOver(step: Step): Step {
  return { ...step, op: "delete", replaceReasons: ["an earlier replacement"] };
}

/**
 * One that is renamed without `aliases`, moves into a set, or is declared again after it was replaced: the provider does
 * not drop what the program declares.
 */
function isTakenOver(
  { operation, kind, old, provider }: PlannedChange,
  all: readonly PlannedChange[],
): boolean {
  const resource = resourceOf(kind);
  if (operation !== "delete" || !old || !resource) return false;
  const { databaseName } = old;
  return all.some(
    (other) =>
      (other.operation === "create" || other.operation === "replace") &&
      other.kind === kind &&
      other.provider === provider &&
      resource.id(inDatabaseOf({ databaseName }, other.wanted ?? {})) === resource.id(old),
  );
}

/** A program that leaves the database out means that of the object. */
export function inDatabaseOf(object: Values, values: Values): Values {
  return { ...values, databaseName: values["databaseName"] ?? object["databaseName"] };
}

/** Whether what it costs to drop it is told in entities of a collection. */
export function isOfCollection(kind: string): boolean {
  const inputs = resourceOf(kind)?.inputs;
  return kind === "Collection" || (inputs !== undefined && isInCollection(inputs));
}

/** A resource that is many objects is told as those that come and go. */
function changesOfParts(change: PlannedChange): PlannedChange[] {
  const { kind, operation, old, wanted } = change;
  const resource = resourceOf(kind);
  if (!resource?.parts || hidesParts(change)) return [change];
  const before = old ? resource.parts(old) : [];
  const after = wanted ? resource.parts({ ...old, ...wanted }) : [];
  if (operation !== "update") {
    const parts = operation === "create" ? after : before;
    return parts.map((part) => partChange(change, part, operation));
  }
  // Which names go is known once all names are.
  if (containsUnknown(after)) return [change];
  const [stays, stood] = [new Set(after.map(({ id }) => id)), new Set(before.map(({ id }) => id))];
  const changes = [
    ...before.filter(({ id }) => !stays.has(id)).map((part) => partChange(change, part, "delete")),
    ...after.filter(({ id }) => !stood.has(id)).map((part) => partChange(change, part, "create")),
  ];
  return changes.length > 0 ? changes : [change];
}

/** Whether it is many objects of which the preview does not say the names. */
export function hidesParts({ kind, old, wanted }: PlannedChange): boolean {
  return resourceOf(kind)?.parts !== undefined && (holdsSecret(old) || holdsSecret(wanted));
}

function partChange(change: PlannedChange, part: Part, operation: Operation): PlannedChange {
  const { kind, state } = part;
  const { old: _, wanted: whole, ...rest } = change;
  const adopt = whole?.["adopt"];
  const values =
    operation === "create" ? { wanted: { ...state, ...(adopt !== undefined && { adopt }) } } : { old: state };
  const id = isNamed(part) ? part.id : undefined;
  const name = id?.slice(id.lastIndexOf("/") + 1) ?? change.name;
  return { ...rest, ...values, kind, id, operation, name };
}

/** Whether all is known that stands in its id. */
function isNamed({ kind, state }: Part): boolean {
  const inId = Object.entries(resourceOf(kind)?.inputs ?? {}).filter(([, input]) => input.inId);
  return inId.every(([name]) => typeof state[name] === "string" && !isUnknown(state[name]));
}

function plannedChange(step: Step): PlannedChange | undefined {
  const state = step.oldState ?? step.newState;
  const kind = kindOf(state?.type ?? "");
  if (kind === undefined || !OPERATIONS.includes(step.op)) return undefined;
  return {
    urn: step.urn,
    name: nameIn(step.urn),
    kind,
    operation: step.op as Operation,
    old: step.oldState?.outputs,
    wanted: step.newState?.inputs,
    id: step.oldState?.id,
    reasons: reasonsOf(kind, step),
    provider: (step.oldState ?? step.newState)?.provider,
    ...(step.oldState?.retainOnDelete && { isRetained: true }),
    deletedWith: step.oldState?.deletedWith,
  };
}

function reasonsOf(kind: string, { replaceReasons, diffReasons }: Step): string[] {
  const inputs = resourceOf(kind)?.inputs ?? {};
  const reasons = replaceReasons ?? diffReasons ?? [];
  return [...new Set(reasons.map((name) => argumentOf(inputs, name)))];
}
