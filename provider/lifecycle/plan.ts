/** What a difference between state and program asks for. Describes only: who runs the plan judges what it costs. */
import { type Difference, differences, isRefusal, together } from "../core/diff";
import type { Judge, Refusal } from "../core/properties";
import type { Resource } from "../core/resource";
import type { Milvus } from "../milvus/gateway";
import type { ConfiguredProvider } from "./configured";

export type Plan =
  | { readonly kind: "none" }
  | { readonly kind: "update"; readonly differences: readonly Difference[] }
  /** What the server cannot do in place, and what no object with data is replaced for. */
  | { readonly kind: "refuse"; readonly refusal: Refusal; readonly differences: readonly Difference[] }
  | {
      readonly kind: "replace";
      /** The inputs because of which it is replaced. */
      readonly because: readonly string[];
      readonly differences: readonly Difference[];
      /** Whether the old one stands where the new one is to come. */
      readonly deleteBeforeReplace: boolean;
      /** Whether nothing but values that are not known yet asks for it. */
      readonly isOpen: boolean;
    };

/** The server is asked only where a decision hangs on its version. */
export async function planOf<Inputs extends object, State extends object>(
  resource: Resource<Milvus, Inputs, State>,
  provider: Pick<ConfiguredProvider, "run" | "milvus">,
  old: State,
  wanted: Inputs,
): Promise<Plan> {
  type Values = Readonly<Record<string, unknown>>;
  const { run } = provider;
  const judge: Judge = {
    supports: (feature) => provider.milvus.supports(feature),
    lacks: (feature) => provider.milvus.lacks(feature),
    decisions: run.decisions,
    logOnce: run.lines.once,
  };
  const found = await differences(resource.inputs, old as Values, wanted as Values, judge);
  const replacedWith = resource.replacedWith?.(run, old);
  const replacing = found.filter(({ effect }) => effect === "replace");
  const because = replacing.map(({ input }) => input);
  if (replacedWith !== undefined) because.push(replacedWith);
  if (because.length > 0)
    return {
      kind: "replace",
      because: [...new Set(because)],
      differences: found,
      deleteBeforeReplace: resource.sameName(old, wanted, run),
      isOpen: replacedWith === undefined && replacing.every(({ isOpen = false }) => isOpen),
    };
  const effect = together(found);
  if (isRefusal(effect)) return { kind: "refuse", refusal: effect, differences: found };
  if (found.length > 0) return { kind: "update", differences: found };
  const isLeftOtherwise = (await resource.isLeftOtherwise?.(provider.milvus, old, wanted)) ?? false;
  return isLeftOtherwise ? { kind: "update", differences: [] } : { kind: "none" };
}
