/** No data is lost that the user was not told about: said at preview, and refused where it is protected. */
import type { Milvus } from "../milvus/gateway";
import {
  assess,
  type Assessed,
  type AssessedLoss,
  type Assessment,
  type Change,
  type Policy,
  type Protector,
  protectorOf,
  staysBeside,
} from "./assessment";
import { isReported } from "./reported";

/** Each is a line; of more, the rest is counted. */
const LINES = 50;

/**
 * When a change is judged. `"preview"`: nothing is proven, so what is only possibly lost is said and not refused. `"open"`:
 * at a preview where values that are not known yet may ask for something else, so nothing is refused. `"up"`: before
 * anything is changed, and what would be refused is proven.
 */
export type Moment = "preview" | "open" | "up";

/** What is said of a change: one line for each loss. Throws when `pulumi up` refuses it. */
export async function judgedLosses<Inputs extends object, State extends object>(
  resource: Assessed<Inputs, State>,
  milvus: Milvus,
  policy: Policy,
  change: Change<Inputs, State>,
  moment: Moment = "preview",
): Promise<readonly string[]> {
  const protector = protectorOf(resource, policy, change);
  const isRefused = protector !== undefined && !staysBeside(change, protector) && isFinal(moment);
  const prove = isRefused && moment === "up";
  let assessment: Assessment;
  try {
    assessment = await assess(resource, milvus, policy, change, { prove });
  } catch (error) {
    // By default a preview refuses what it has counted, and leaves the rest to `up`.
    if (isRefused && (prove || protector !== "replacements"))
      refuseUncounted(resource, policy, change, protector, error);
    const what =
      change.kind === "update"
        ? "will lose parts; what they hold"
        : `will be ${verbOf(change)}; what it holds`;
    return [`${resource.describe(change.old)} ${what} could not be counted: ${String(error)}`];
  }
  const { losses, object } = assessment;
  if (isRefused) refuse(prove ? losses : losses.filter((loss) => loss.certain), policy, change);
  const lines = losses.slice(0, LINES).map((loss) => inWords(loss, change));
  const more = losses.length - lines.length;
  return more > 0
    ? [...lines, `${more} more of ${object} will be ${verbOf(change)}, with what they hold`]
    : lines;
}

/** The report of a preview says itself what `up` would refuse, all of it. */
function isFinal(moment: Moment): boolean {
  return moment === "up" || (moment === "preview" && !isReported());
}

/** At a diff, which the engine asks for at preview and at `up`. */
export async function warnOfLosses<Inputs extends object, State extends object>(
  ...asked: Parameters<typeof judgedLosses<Inputs, State>>
): Promise<void> {
  const [, milvus] = asked;
  for (const line of await judgedLosses(...asked)) milvus.logOnce(`warning: ${line}`);
}

/** Before anything is changed. Costs a count of its own, so nothing is asked unless data is protected. */
export async function refuseLosses<Inputs extends object, State extends object>(
  resource: Assessed<Inputs, State>,
  milvus: Milvus,
  policy: Policy,
  change: Change<Inputs, State>,
): Promise<void> {
  const protector = protectorOf(resource, policy, change);
  if (protector === undefined) return;
  let losses: readonly AssessedLoss[];
  try {
    ({ losses } = await assess(resource, milvus, policy, change, { prove: true }));
  } catch (error) {
    refuseUncounted(resource, policy, change, protector, error);
    return;
  }
  refuse(losses, policy, change);
}

type Verb = "dropped" | "replaced";

function verbOf({ kind }: Change<object, object>): Verb {
  return kind === "replace" ? "replaced" : "dropped";
}

function inWords({ object, held, protectedBy }: AssessedLoss, change: Change<object, object>): string {
  if (staysBeside(change, protectedBy))
    return `${object} will be replaced, and stays beside the new one with ${held} until that is acknowledged`;
  return `${object} will be ${verbOf(change)}: ${held} will be lost`;
}

function refuse(losses: readonly AssessedLoss[], policy: Policy, change: Change<object, object>): void {
  const refused = losses.filter(({ protectedBy }) => protectedBy !== undefined);
  const [first] = refused;
  if (first?.protectedBy === undefined) return;
  const held = refused.map(({ id, held }) => `${id} holds ${held}`).join(", ");
  const verb = `${refused.length === 1 ? "is" : "are"} not ${verbOf(change)}`;
  const ids = refused.map(({ id }) => id);
  throw new Error(
    `${held} and ${verb}, because ${IN_WORDS[first.protectedBy]}. ${wayOut(ids, policy, change)}`,
  );
}

/** Whoever may not count what an object holds can acknowledge all of it by the object's own id. */
function refuseUncounted<Inputs extends object, State extends object>(
  resource: Assessed<Inputs, State>,
  policy: Policy,
  change: Change<Inputs, State>,
  protector: Protector,
  error: unknown,
): void {
  const id = resource.id(change.old);
  if (change.kind !== "update" && policy.acknowledgedDataLoss.includes(id)) return;
  throw new Error(
    `${resource.describe(change.old)} is not ${verbOf(change)}, because ${IN_WORDS[protector]} and what it holds could ` +
      `not be counted: ${String(error)}. ${wayOut([id], policy, change)}`,
  );
}

/** Why `pulumi up` refuses it. */
export const IN_WORDS: Readonly<Record<Protector, string>> = {
  setting: "milvus:protectData is on",
  replacements: 'a replacement drops it (milvus:protectData is "replacements", the default)',
  object: "it has protectData",
};

/** The command keeps what is acknowledged already. */
function wayOut(
  lost: readonly string[],
  { acknowledgedDataLoss, isExplicit, policyIsCurrent }: Policy,
  change: Change<object, object>,
): string {
  const ids = JSON.stringify([...new Set([...acknowledgedDataLoss, ...lost])]);
  const own = isExplicit ? "acknowledgedDataLoss of the Provider, where that is set, or to " : "";
  const add =
    `To lose them on purpose add the ${lost.length === 1 ? "id" : "ids"} to ${own}the list milvus:acknowledgedDataLoss, for ` +
    `example: pulumi config set milvus:acknowledgedDataLoss '${ids}'`;
  if (change.kind === "replace" || policyIsCurrent) return add;
  return (
    `${add}. A destroy, and an up of a program without any resource of this provider, use the config that the last ` +
    "`pulumi up` recorded: run `pulumi up` first, with a resource of it, or pass --run-program to a destroy"
  );
}
