/** The arguments of an Index whose type is known, for the SDK: which metrics and parameters editors complete for it. */
import type { IndexType } from "../provider/resources/index-types/parameters";
import { INDEX_TYPE_NAMES, INDEX_TYPES, METRICS } from "../provider/resources/index-types/types";

const union = (names: readonly string[]): string =>
  names.map((name) => JSON.stringify(name)).join(" | ") || "never";

function member(name: string, { fields, params }: IndexType): string {
  const metrics = fields.filter((dataType) => Object.hasOwn(METRICS, dataType));
  return `IndexOf<${JSON.stringify(name)}, ${union(metrics)}, ${union(Object.keys(params))}>`;
}

export function knownIndexArgs(): string {
  const members = INDEX_TYPE_NAMES.flatMap((name) => {
    const type = INDEX_TYPES[name];
    return type ? [member(name, type)] : [];
  });
  const metrics = Object.entries(METRICS).map(
    ([dataType, names]) => `/** Of a field that is ${dataType}. */\n${dataType}: ${union(names)};`,
  );
  return `
/** The metrics of each kind of vector field. */
export interface MetricTypes {
  ${metrics.join("\n  ")}
}

/** An index of one type, with the metrics and the parameters that the type has. */
interface IndexOf<Type extends string, Vector extends keyof MetricTypes, Parameter extends string> {
  indexType: Type;
  metricType?: pulumi.Input<MetricTypes[Vector]>;
  params?: pulumi.Input<Pick<IndexParamsArgs, Parameter> & { [parameter: string]: unknown }>;
}

/** What an Index of a known type is declared with: editors complete its metrics and its parameters. */
export type KnownIndexArgs = Omit<IndexArgs, "indexType" | "metricType" | "params"> &
  (${members.join(" | ")});
`;
}
