/** Which index and metric types fit which field, as far as it needs no server. */
import { misspelt } from "../../core/misspelt";
import { type Report, show, suggestion } from "../../core/shapes";
import { INDEX_TYPE_NAMES, INDEX_TYPES, indexTypeOf, METRIC_TYPE_NAMES, METRICS, metricsOf } from "./types";

export interface Wanted {
  readonly fieldName?: string;
  readonly indexType?: string;
  readonly metricType?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** What is known of the field. */
export interface Indexed {
  readonly dataType?: string;
  readonly dim?: number;
}

interface Fitting {
  readonly indexTypes: readonly string[];
  /** None for scalars. */
  readonly metricTypes: readonly string[];
}

function fittingField(dataType: string): Fitting | undefined {
  const indexTypes = INDEX_TYPE_NAMES.filter((name) => INDEX_TYPES[name]?.fields.includes(dataType));
  return indexTypes.length > 0 ? { indexTypes, metricTypes: METRICS[dataType] ?? [] } : undefined;
}

/** All that fits the fields which an index type fits; all there is when it is left out or unknown. */
function fittingType(indexType: string | undefined): Fitting {
  const type = indexTypeOf(indexType);
  return { indexTypes: INDEX_TYPE_NAMES, metricTypes: type ? metricsOf(type) : METRIC_TYPE_NAMES };
}

/** All but the oldest of Milvus's own types are in capitals; what is not is none of a newer one. */
const LIKE_MILVUS = /^[A-Z][A-Z0-9_]{2,}$/;

/**
 * Without the type of the field only what fits no field at all is found. A name that is like none we know is for the
 * server to judge.
 */
export function checkFits(wanted: Wanted, { dataType }: Indexed, report: Report, warn: Report): void {
  const { fieldName, indexType, metricType } = wanted;
  const fitting = dataType === undefined ? fittingType(indexType) : fittingField(dataType);
  if (!fitting) return;
  const field = dataType === undefined ? "" : ` for field ${fieldName}, which is ${dataType}`;
  const judge = (
    path: string,
    name: string,
    what: string,
    subject: string,
    known: readonly string[],
  ): void => {
    const all = path === "indexType" ? INDEX_TYPE_NAMES : METRIC_TYPE_NAMES;
    if (all.includes(name) || misspelt(name, all) !== undefined || !LIKE_MILVUS.test(name))
      report(
        path,
        `${show(name)} is no ${what}${subject}${suggestion(name, known) || "."} Known are ${known.join(", ")}`,
      );
    else
      warn(
        path,
        `${show(name)} is no ${what} that this version of pulumi-milvus knows. It goes to the server as it is`,
      );
  };
  const { indexTypes, metricTypes } = fitting;
  if (indexType && !indexTypes.includes(indexType))
    judge("indexType", indexType, "index type", field, indexTypes);
  if (metricType === undefined || metricTypes.includes(metricType)) return;
  const subject = field || (indexType ? ` for ${indexType}` : "");
  if (metricTypes.length === 0)
    report("metricType", `only vector indexes have a metric: leave it out${subject}`);
  else judge("metricType", metricType, "metric type", subject, metricTypes);
}
