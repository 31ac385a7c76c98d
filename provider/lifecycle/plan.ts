/** What a difference between state and program asks for. Describes only: who runs the plan judges what it costs. */
import { type Difference, differences, isRefusal, together } from "../core/diff";
import type { Judge, Refusal } from "../core/properties";
import type { Resource } from "../core/resource";
import type { Milvus } from "../milvus/gateway";

export type Plan =
  | { readonly kind: "none" }
  | { readonly kind: "update"; readonly differences: readonly Difference[] }
  /** What the server cannot do in place, and what no object with data is replaced for. */
  | { readonly kind: "refuse"; readonly refusal: Refusal; readonly differences: readonly Difference[] }
  | {
      readonly kind: "replace";
      /** The inputs because of which it is replaced. */
      readonly because: readonly string[];
      /** Whether the old one stands where the new one is to come. */
      readonly deleteBeforeReplace: boolean;
    };

/** The server is asked only where a decision hangs on its version. */
export async function planOf<Inputs extends object, State extends object>(
  resource: Resource<Milvus, Inputs, State>,
  milvus: () => Milvus,
  old: State,
  wanted: Inputs,
): Promise<Plan> {
  type Values = Readonly<Record<string, unknown>>;
  const judge: Judge = {
    supports: (feature) => milvus().supports(feature),
    lacks: (feature) => milvus().lacks(feature),
  };
  const found = await differences(resource.inputs, old as Values, wanted as Values, judge);
  const goesBecauseOf = resource.goesBecauseOf?.(old);
  const because = found.filter(({ effect }) => effect === "replace").map(({ input }) => input);
  if (goesBecauseOf !== undefined) because.push(goesBecauseOf);
  if (because.length > 0)
    return {
      kind: "replace",
      because: [...new Set(because)],
      deleteBeforeReplace: resource.sameName(old, wanted),
    };
  const effect = together(found);
  if (isRefusal(effect)) return { kind: "refuse", refusal: effect, differences: found };
  if (found.length > 0) return { kind: "update", differences: found };
  const strayed = (await resource.strayed?.(milvus(), old, wanted)) ?? false;
  return strayed ? { kind: "update", differences: [] } : { kind: "none" };
}
