/** What a drift report says, for programs and for people. Pure: nothing is asked of anybody. */
import { printable } from "../../provider/core/printable";
import type { Compared } from "./compare";
import type { Unlisted } from "./listed";
import { keyOfListed, type ListedObject, type Undeclared } from "./undeclared";
import { counted } from "../words";

/** Whether what no resource declares is looked for, told, and counted as drift. */
export const UNDECLARED = ["tell", "count", "skip"] as const;
export type UndeclaredOption = (typeof UNDECLARED)[number];

export interface ReportedObject {
  /** `default/documents`. */
  readonly id: string;
  /** Such as `Collection`. */
  readonly kind: string;
  /** `collection documents`. */
  readonly object: string;
}

export interface DriftedObject extends ReportedObject {
  readonly urn: string;
  /** The address of its server. */
  readonly server: string;
  readonly status: "changed" | "gone";
  /** None of what is gone. */
  readonly changes: readonly DriftedInput[];
  readonly note?: string;
}

/** Of a secret neither value is in it. */
export interface DriftedInput {
  readonly input: string;
  /** `fields.embedding.dim`. */
  readonly path: string;
  /** `fields.embedding.dim 8 -> 16`: the state, and the server. */
  readonly inWords: string;
}

export interface UndeclaredObject extends ReportedObject {
  readonly server: string;
  /** What stands in it or belongs to it. */
  readonly contains: readonly ReportedObject[];
  readonly note?: string;
}

export interface UnjudgedObject {
  /** Missing of what could not be listed. */
  readonly urn?: string;
  readonly object: string;
  readonly because: string;
}

/** As `--json` prints it: docs/drift.md. A change of what is here, beyond something that is added, is another version. */
export interface DriftReport {
  readonly version: 1;
  readonly verdict: string;
  readonly exitCode: 0 | 2 | 3;
  /** Missing for the one that is selected. */
  readonly stack?: string;
  /** How many objects of the state were compared with the server. */
  readonly compared: number;
  readonly drift: readonly DriftedObject[];
  /** Missing when nobody looked for them. */
  readonly undeclared?: readonly UndeclaredObject[];
  readonly unjudged: readonly UnjudgedObject[];
}

export interface ReportInput {
  readonly compared: readonly Compared[];
  /** Missing when nobody looked for it. */
  readonly listed?: {
    readonly standing: readonly ListedObject[];
    readonly undeclared: readonly Undeclared[];
    readonly unlisted: readonly Unlisted[];
  };
  /** Whether what is undeclared counts as drift. */
  readonly countsUndeclared: boolean;
  readonly stack?: string;
}

export function makeReport({ compared, listed, countsUndeclared, stack }: ReportInput): DriftReport {
  const taken = new Set(listed?.standing.map((one) => `${one.server} ${keyOfListed(one)}`));
  const drift = compared.flatMap((one) => driftedObject(one, taken));
  const undeclared = listed?.undeclared.map(undeclaredObject);
  const unjudged = [...compared.flatMap(unjudgedObject), ...(listed?.unlisted ?? []).map(printed)];
  const counts = {
    drift: drift.length,
    undeclared: undeclared?.length ?? 0,
    unjudged: unjudged.filter(({ urn }) => urn !== undefined).length,
    unlisted: unjudged.filter(({ urn }) => urn === undefined).length,
  };
  const judged = compared.filter((one) => one.found !== undefined || one.isGone).length;
  return {
    version: 1,
    verdict: verdictOf(compared.length, drift, counts),
    exitCode: exitCodeOf(counts, countsUndeclared),
    ...(stack !== undefined && { stack }),
    compared: judged,
    drift,
    ...(undeclared && { undeclared }),
    unjudged,
  };
}

function driftedObject(one: Compared, taken: ReadonlySet<string>): DriftedObject[] {
  const { recorded, known, server = "", isGone, drift } = one;
  const { resource, urn } = recorded;
  if (!isGone && drift.length === 0) return [];
  const id = resource.id(known);
  const isTaken = isGone && taken.has(`${server} ${resource.kind} ${id}`);
  return [
    {
      urn,
      id: printable(id),
      kind: resource.kind,
      object: printable(resource.describe(known)),
      server,
      status: isGone ? "gone" : "changed",
      changes: drift.flatMap(({ input, paths }) =>
        paths.map(({ path, inWords }) => ({ input, path: printable(path), inWords: printable(inWords) })),
      ),
      ...(isTaken && { note: ANOTHER }),
    },
  ];
}

const ANOTHER = "somebody dropped it and made another one of that name";
const LEFT_OVER = "replaced by an earlier `pulumi up`, which could not drop it; the next one tries again";

function undeclaredObject({ standing, contains, isLeftOver }: Undeclared): UndeclaredObject {
  return {
    ...reported(standing),
    server: standing.server,
    contains: contains.map(reported),
    ...(isLeftOver && { note: LEFT_OVER }),
  };
}

function reported({ resource, state }: ListedObject): ReportedObject {
  return {
    id: printable(resource.id(state)),
    kind: resource.kind,
    object: printable(resource.describe(state)),
  };
}

function unjudgedObject({ recorded, known, unjudged }: Compared): UnjudgedObject[] {
  if (unjudged === undefined) return [];
  const { urn, resource } = recorded;
  return [{ urn, ...printed({ object: resource.describe(known), because: unjudged }) }];
}

function printed({ object, because }: Unlisted): UnjudgedObject {
  return { object: printable(object), because: printable(because) };
}

interface Counts {
  readonly drift: number;
  readonly undeclared: number;
  /** Of the state. */
  readonly unjudged: number;
  readonly unlisted: number;
}

function exitCodeOf(
  { drift, undeclared, unjudged, unlisted }: Counts,
  countsUndeclared: boolean,
): DriftReport["exitCode"] {
  if (drift > 0 || (countsUndeclared && undeclared > 0)) return 2;
  return unjudged + unlisted > 0 ? 3 : 0;
}

function verdictOf(
  objects: number,
  drift: readonly DriftedObject[],
  { undeclared, unjudged, unlisted }: Counts,
): string {
  if (objects === 0) return "the state of the stack has no Milvus object";
  const gone = drift.filter(({ status }) => status === "gone").length;
  const changed = drift.length - gone;
  const nothing = unjudged > 0 ? "nothing that could be judged differs" : "nothing differs";
  return [
    drift.length === 0 && `${nothing} from the state`,
    changed > 0 && `${counted(changed, "object")} ${changed === 1 ? "differs" : "differ"} from the state`,
    gone > 0 && `${counted(gone, "object")} of the state ${gone === 1 ? "is" : "are"} gone`,
    undeclared > 0 &&
      `${counted(undeclared, "object")} on the server ${undeclared === 1 ? "is" : "are"} declared by no resource`,
    unjudged > 0 && `${counted(unjudged, "object")} could not be judged`,
    unlisted > 0 && "not all that stands on the server could be listed",
  ]
    .filter((part) => part !== false)
    .join("; ");
}
