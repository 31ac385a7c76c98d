/** Which features of the server a schema uses; older servers drop some of them without a word. */
import type { CollectionFunction, Field } from "../../milvus/fields";
import type { Milvus } from "../../milvus/gateway";
import type { FeatureName } from "../../milvus/versions";
import { VECTOR_TYPES } from "./schema";

interface Schema {
  readonly fields: readonly Field[];
  readonly functions?: readonly CollectionFunction[];
}

const BY_TYPE: Readonly<Record<string, FeatureName>> = {
  SparseFloatVector: "sparseVectors",
  Float16Vector: "halfPrecisionVectors",
  BFloat16Vector: "halfPrecisionVectors",
  Int8Vector: "int8Vectors",
  ArrayOfVector: "structFields",
  Struct: "structFields",
  Geometry: "geometry",
  Timestamptz: "timestamptz",
  Text: "text",
};

export async function demandFeatures(milvus: Milvus, { fields, functions = [] }: Schema): Promise<void> {
  for (const field of fields)
    for (const feature of featuresOf(field)) await milvus.demand(feature, `field ${field.name}`);
  const vectors = fields.filter(({ dataType }) => (VECTOR_TYPES as readonly string[]).includes(dataType));
  if (vectors.length > 1)
    await milvus.demand(
      "multipleVectorFields",
      `a collection with ${vectors.map(({ name }) => name).join(", ")}`,
    );
  for (const { name } of functions) await milvus.demand("functions", `function ${name}`);
}

function featuresOf(field: Field): FeatureName[] {
  const features = [BY_TYPE[field.dataType], BY_TYPE[field.elementType ?? ""]].filter(
    (one) => one !== undefined,
  );
  if (field.nullable) features.push("nullableFields");
  if (field.isClusteringKey) features.push("clusteringKey");
  if (field.enableAnalyzer || field.enableMatch || field.analyzerParams || field.multiAnalyzerParams)
    features.push("analyzers");
  if (field.mmapEnabled) features.push("fieldMmap");
  if (field.warmup) features.push("fieldWarmup");
  if (field.defaultValue !== undefined) features.push("defaultValues");
  return features;
}
