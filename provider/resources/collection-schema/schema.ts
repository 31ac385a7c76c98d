/** What a field and a function of a collection are declared with. */
import { type Change, type Effect, optional, required, type ValuesOf } from "../../core/properties";
import {
  enumerated,
  equalAsStrings,
  flag,
  json,
  list,
  oneOf,
  record,
  scalar,
  type Shape,
  string,
  whole,
} from "../../core/shapes";
import { isUnknown } from "../../core/unknown";
import { asKept, type DefaultValue } from "../../milvus/default-value";
import { milvusName } from "../common/inputs";
import { fieldDescriptionChange, inPlaceFrom, inPlaceWhileReleased, neverInPlace } from "./changes";

export const VECTOR_TYPES = [
  "FloatVector",
  "BinaryVector",
  "Float16Vector",
  "BFloat16Vector",
  "SparseFloatVector",
  "Int8Vector",
] as const;

const SCALAR_TYPES = [
  "Bool",
  "Int8",
  "Int16",
  "Int32",
  "Int64",
  "Float",
  "Double",
  "VarChar",
  "JSON",
  "Geometry",
  "Text",
  "Timestamptz",
] as const;

/** DataType of milvus.proto; what is not a vector, an array or a struct is a scalar. */
const DATA_TYPES = [...SCALAR_TYPES, "Array", ...VECTOR_TYPES, "ArrayOfVector"] as const;
const ELEMENT_TYPES = [...SCALAR_TYPES, ...VECTOR_TYPES, "Struct"] as const;
const dataType = enumerated(oneOf(...DATA_TYPES), {
  typeName: "DataType",
  doc: "Types of fields. Milvus: https://milvus.io/docs/schema.md",
  known: DATA_TYPES,
});
const elementType = enumerated(oneOf(...ELEMENT_TYPES), {
  typeName: "ElementType",
  doc: "Types of the elements of an array. Milvus: https://milvus.io/docs/array_data_type.md",
  known: ELEMENT_TYPES,
});

const FUNCTION_TYPES = ["BM25", "TextEmbedding", "Rerank", "MinHash", "MolFingerprint"] as const;
const functionType = enumerated(oneOf(...FUNCTION_TYPES), {
  typeName: "FunctionType",
  doc: "What functions compute. Milvus: https://milvus.io/docs/full-text-search.md",
  known: FUNCTION_TYPES,
});

/** States of before the values had one form may have another one of the same value. */
function defaultValueChange({ old, new: wanted, element }: Change<DefaultValue>): Effect {
  if (old === undefined || wanted === undefined) return "replace";
  const dataType = element?.["dataType"];
  return asKept(dataType, old) === asKept(dataType, wanted) ? "ignore" : "replace";
}

const common = {
  name: required(milvusName("field"), { doc: "The name of the field.", change: "replace" }),
  description: optional(string(), {
    doc:
      "What the field holds. Changed in place from Milvus 2.6.9, except that of an array of structs; refused " +
      "otherwise.",
    change: fieldDescriptionChange,
    default: "",
  }),
  dim: optional(whole(), {
    doc: "How many dimensions a vector has: 1 to 32,768, for BinaryVector a multiple of 8 up to 262,144. A change replaces.",
    change: "replace",
  }),
  maxLength: optional(whole({ min: 1, max: 65_535 }), {
    doc:
      "The longest VarChar, in bytes, 1 to 65,535. Required for VarChar and for arrays of it. Changed in place from " +
      "Milvus 2.5.2; refused before.",
    change: inPlaceFrom("alterMaxLength"),
  }),
  enableAnalyzer: optional(flag(), {
    doc: "Whether a VarChar is split into terms. Needs Milvus 2.5. Default: `false`. A change replaces.",
    change: "replace",
    default: false,
  }),
  enableMatch: optional(flag(), {
    doc: "Whether `TEXT_MATCH` works on the field; needs `enableAnalyzer`. Default: `false`. A change replaces.",
    change: "replace",
    default: false,
  }),
  analyzerParams: optional(json(), {
    doc: 'How the analyzer splits: `{ type: "english" }`. Milvus: https://milvus.io/docs/analyzer-overview.md',
    change: "replace",
  }),
  multiAnalyzerParams: optional(json(), {
    doc: "Analyzers by language, chosen by another field. Milvus: https://milvus.io/docs/multi-language-analyzers.md",
    change: "replace",
  }),
  mmapEnabled: optional(flag(), {
    doc:
      "Whether the field's raw data is memory-mapped rather than kept in memory. Needs Milvus 2.4. Changed in place " +
      "from Milvus 2.5, for which a loaded collection is released and loaded again as it was; refused before.",
    change: inPlaceWhileReleased("fieldMmap", "alterFieldMmap"),
    default: false,
  }),
} as const;

/** Milvus changes nothing inside of structs in place. */
const inMember = <T extends { readonly change: unknown; readonly doc: string }>(
  property: T,
  doc: string,
) => ({
  ...property,
  doc: `${doc} No Milvus changes it in place, and a change is refused.`,
  change: neverInPlace,
});

const structField = record(
  { typeName: "StructField", doc: "A field of the structs in an array of Struct." },
  {
    ...common,
    description: inMember(common.description, "What the field holds."),
    maxLength: inMember(
      common.maxLength,
      "The longest VarChar, in bytes, 1 to 65,535. Required for VarChar.",
    ),
    mmapEnabled: inMember(
      common.mmapEnabled,
      "Whether the field's raw data is memory-mapped rather than kept in memory.",
    ),
    dataType: required(dataType, { doc: "The type of the field, in each struct.", change: "replace" }),
  },
);

const declaredField = record(
  { typeName: "Field", doc: "A field of a collection. Milvus: https://milvus.io/docs/schema.md" },
  {
    name: common.name,
    dataType: required(dataType, { doc: "The type of the field. A change replaces.", change: "replace" }),
    isPrimaryKey: optional(flag(), {
      doc: "Whether it is the primary key: exactly one field, Int64 or VarChar. A change replaces.",
      change: "replace",
      default: false,
    }),
    autoId: optional(flag(), {
      doc: "Whether Milvus numbers the rows; only for the primary key. Default: `false`. A change replaces.",
      change: "replace",
      default: false,
    }),
    description: common.description,
    dim: common.dim,
    maxLength: common.maxLength,
    elementType: optional(elementType, {
      doc: "The type of the elements of an Array, and of the vectors of an ArrayOfVector. A change replaces.",
      change: "replace",
    }),
    maxCapacity: optional(whole({ min: 1, max: 4096 }), {
      doc:
        "How many elements an Array may have, 1 to 4,096. Required for arrays. Changed in place from Milvus 2.5.11; " +
        "refused before.",
      change: inPlaceFrom("alterMaxCapacity"),
    }),
    isPartitionKey: optional(flag(), {
      doc: "Whether Milvus spreads rows over its partitions by this field, Int64 or VarChar. A change replaces.",
      change: "replace",
      default: false,
    }),
    isClusteringKey: optional(flag(), {
      doc: "Whether compaction sorts rows by this field. Needs Milvus 2.4.6. A change replaces.",
      change: "replace",
      default: false,
    }),
    nullable: optional(flag(), {
      doc: "Whether rows may leave the field out or set it to null. Needs Milvus 2.5. A change replaces.",
      change: "replace",
      default: false,
    }),
    defaultValue: optional(scalar(), {
      doc:
        "What rows get that leave the field out: of the field's type. Whole numbers beyond 2^53 are written as strings; a " +
        "Float keeps about seven digits. A change replaces.",
      change: defaultValueChange,
    }),
    enableAnalyzer: common.enableAnalyzer,
    enableMatch: common.enableMatch,
    analyzerParams: common.analyzerParams,
    multiAnalyzerParams: common.multiAnalyzerParams,
    mmapEnabled: common.mmapEnabled,
    warmup: optional(oneOf("sync", "disable"), {
      doc:
        "Whether the field's raw data is read into the cache before a segment is searched (`sync`) or when it is asked " +
        "for (`disable`). Default: that of the collection or the server. Needs Milvus 2.6.11. Changed in place, for " +
        "which a loaded collection is released and loaded again as it was. Milvus: https://milvus.io/docs/warm-up.md",
      change: inPlaceWhileReleased("fieldWarmup", "fieldWarmup"),
      serverChooses: true,
    }),
    fields: optional(list(structField, { keyedBy: "name" }), {
      doc: "The fields of the structs in an Array of Struct. Needs Milvus 2.6.4. A change replaces.",
      change: "replace",
    }),
  },
);

type FieldValues = ValuesOf<typeof declaredField.properties>;

export const field: Shape<FieldValues> = {
  ...declaredField,
  normalize(value) {
    const kept = declaredField.normalize(value);
    // What is no field at all is left to check.
    const { dataType, defaultValue } = (kept as Partial<FieldValues> | null) ?? {};
    if (
      dataType === undefined ||
      defaultValue === undefined ||
      isUnknown(dataType) ||
      isUnknown(defaultValue)
    )
      return kept;
    return { ...kept, defaultValue: asKept(dataType, defaultValue) };
  },
};

export const collectionFunction = record(
  {
    typeName: "CollectionFunction",
    doc: "What Milvus computes on insert. Milvus: https://milvus.io/docs/full-text-search.md",
  },
  {
    name: required(milvusName("function"), { doc: "The name of the function.", change: "replace" }),
    type: required(functionType, {
      doc: "What it computes.",
      change: "replace",
    }),
    inputFieldNames: required(list(string(), { atLeast: 1 }), {
      doc: "The fields it reads.",
      change: "replace",
    }),
    outputFieldNames: optional(list(string()), { doc: "The fields it fills.", change: "replace" }),
    params: optional(
      { ...json(), equal: equalAsStrings },
      { doc: "Parameters of the function, such as the model.", change: "replace" },
    ),
    description: optional(string(), {
      doc: "What it is for. No Milvus changes it in place, and a change is refused.",
      change: neverInPlace,
      default: "",
    }),
  },
);
