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

/** Each is a line; of more, the rest is counted. */
const LINES = 50;

type Verb = "dropped" | "replaced";

/**
 * What is said of a change at preview: one line for each loss. Throws when `pulumi up` would refuse it. Nothing is proven
 * at preview, so what is only possibly lost is said and not refused.
 */
export async function lossesAtPreview<Inputs extends object, State extends object>(
  resource: Assessed<Inputs, State>,
  milvus: Milvus,
  policy: Policy,
  change: Change<Inputs, State>,
): Promise<readonly string[]> {
  const protector = protectorOf(resource, policy, change);
  const stays = staysBeside(change, protector);
  let assessment: Assessment;
  try {
    assessment = await assess(resource, milvus, policy, change);
  } catch (error) {
    if (protector !== undefined && !stays) throw error;
    const what =
      change.kind === "update"
        ? "will lose parts; what they hold"
        : `will be ${verbOf(change)}; what it holds`;
    return [`${resource.describe(change.old)} ${what} could not be counted: ${String(error)}`];
  }
  const { losses, object } = assessment;
  const certain = losses.filter((loss) => loss.certain);
  if (!stays) refuse(certain, policy, verbOf(change));
  const lines = losses.slice(0, LINES).map((loss) => inWords(loss, change));
  const more = losses.length - lines.length;
  return more > 0
    ? [...lines, `${more} more of ${object} will be ${verbOf(change)}, with what they hold`]
    : lines;
}

/** At a diff, which the engine asks for at preview as well. */
export async function warnOfLosses<Inputs extends object, State extends object>(
  ...asked: Parameters<typeof lossesAtPreview<Inputs, State>>
): Promise<void> {
  const [, milvus] = asked;
  for (const line of await lossesAtPreview(...asked)) milvus.logOnce(`warning: ${line}`);
}

/** Before anything is changed. Costs a count of its own, so nothing is asked unless data is protected. */
export async function refuseLosses<Inputs extends object, State extends object>(
  resource: Assessed<Inputs, State>,
  milvus: Milvus,
  policy: Policy,
  change: Change<Inputs, State>,
): Promise<void> {
  if (protectorOf(resource, policy, change) === undefined) return;
  const { losses } = await assess(resource, milvus, policy, change, { prove: true });
  refuse(losses, policy, verbOf(change));
}

function verbOf({ kind }: Change<object, object>): Verb {
  return kind === "replace" ? "replaced" : "dropped";
}

function inWords({ object, held, protectedBy }: AssessedLoss, change: Change<object, object>): string {
  if (staysBeside(change, protectedBy))
    return `${object} will be replaced, and stays beside the new one with ${held} until that is acknowledged`;
  return `${object} will be ${verbOf(change)}: ${held} will be lost`;
}

function refuse(losses: readonly AssessedLoss[], policy: Policy, verb: Verb): void {
  const refused = losses.filter(({ protectedBy }) => protectedBy !== undefined);
  const [first] = refused;
  if (first?.protectedBy !== undefined) throw refusal(refused, policy, verb, IN_WORDS[first.protectedBy]);
}

/** Why `pulumi up` refuses it. */
export const IN_WORDS: Readonly<Record<Protector, string>> = {
  setting: "milvus:protectData is on",
  object: "it has protectData",
};

/** The command keeps what is acknowledged already. */
function refusal(
  losses: readonly AssessedLoss[],
  { acknowledgedDataLoss }: Policy,
  verb: Verb,
  by: string,
): Error {
  const held = losses.map(({ id, held }) => `${id} holds ${held}`).join(", ");
  const one = losses.length === 1;
  const ids = [...acknowledgedDataLoss, ...losses.map(({ id }) => id)];
  return new Error(
    `${held} and ${one ? "is" : "are"} not ${verb}, because ${by}. To lose them on purpose add the ` +
      `${one ? "id" : "ids"} to the list milvus:acknowledgedDataLoss, for example: pulumi config set ` +
      `milvus:acknowledgedDataLoss '${JSON.stringify([...new Set(ids)])}'. ` +
      "A destroy, and an up of a program without any resource of this provider, use the config that the last `pulumi up` " +
      "recorded: run `pulumi up` first, with a resource of it, or pass --run-program to a destroy",
  );
}
