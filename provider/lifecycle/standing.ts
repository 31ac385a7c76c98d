/**
 * What stands already where a program declares something new, told before `up` comes to it: by the lines of a preview and
 * by the command line alike. A create looks for itself.
 */
import type { Adopting, Identity, Standing } from "../core/resource";
import { containsUnknown } from "../core/unknown";
import { orNothing } from "../milvus/errors";
import type { Milvus } from "../milvus/gateway";

type Values = Readonly<Record<string, unknown>>;

type Looked<Inputs extends object, State extends object> = Adopting<Milvus, Inputs> &
  Pick<Identity<Milvus, Inputs, State>, "inputs">;

/** Nothing as well where something that the program declares is not known yet. Throws when the server cannot be asked. */
export async function standingOf<Inputs extends object, State extends object>(
  resource: Looked<Inputs, State>,
  milvus: Milvus,
  declared: Values,
): Promise<Standing | undefined> {
  if (!resource.standing) return undefined;
  // A collection that is made in the same run has no id yet, or stands there as well.
  const wanted = { ...declared, ...(containsUnknown(declared["collectionId"]) && { collectionId: "" }) };
  const compared = Object.entries(wanted).filter(([name]) => !resource.inputs[name]?.secret);
  if (containsUnknown(Object.fromEntries(compared))) return undefined;
  return orNothing(resource.standing(milvus, wanted as unknown as Inputs));
}
