import type { DeclaredCollection } from "./collection";
import { type Editing, type Edits, free, freeCollections, on, pick, remove } from "./editing";
import { type InCollection, REFERENCES, statementIn } from "./in-collection";
import type { Statement } from "./text";

export interface DeclaredIndex extends InCollection {
  readonly kind: "Index";
  indexName?: string;
  fieldName: string;
  indexType?: string;
  metricType?: string;
  params?: Record<string, number>;
}

const VECTOR_INDEXES: readonly Pick<DeclaredIndex, "indexType" | "metricType" | "params">[] = [
  { indexType: "HNSW", metricType: "COSINE", params: { M: 8, efConstruction: 64 } },
  { indexType: "HNSW", metricType: "COSINE", params: { M: 16, efConstruction: 64 } },
  { indexType: "HNSW", metricType: "L2", params: { M: 8, efConstruction: 64 } },
  { indexType: "IVF_FLAT", metricType: "L2", params: { nlist: 16 } },
  { indexType: "FLAT", metricType: "IP" },
  { indexType: "AUTOINDEX", metricType: "COSINE" },
  {},
];

const NO_INDEX_TYPE = { indexType: undefined, metricType: undefined, params: undefined };

const SCALAR_FIELDS = ["id", "year", "title"];

export const indexEdits: Edits = {
  "add vector index": [
    8,
    (editing, at, form) => on(freeCollections(editing), at, (one) => add(editing, one, "embedding", form)),
  ],
  "change vector index": [
    4,
    (editing, at, form) =>
      on(
        freeIndexes(editing).filter(({ fieldName }) => fieldName === "embedding"),
        at,
        (one) => Object.assign(one, NO_INDEX_TYPE, pick(VECTOR_INDEXES, form)),
      ),
  ],
  "add scalar index": [
    2,
    (editing, at, form) =>
      on(freeCollections(editing), at, (one) => add(editing, one, pick(SCALAR_FIELDS, form), form)),
  ],
  "move scalar index": [
    2,
    (editing, at, form) => on(freeCollections(editing), at, (one) => move(editing, one, form)),
  ],
  "rename index": [
    2,
    (editing, at, form) =>
      on(freeIndexes(editing), at, (one) => {
        one.indexName = form < 3 ? undefined : `i${++editing.program.made}`;
      }),
  ],
  "remove index": [
    2,
    (editing, at, form) =>
      on(freeCollections(editing), at, (one) =>
        on(free(editing, one.indexes), form, (index) => remove(one.indexes, index)),
      ),
  ],
};

function freeIndexes(editing: Editing): DeclaredIndex[] {
  return free(
    editing,
    editing.program.collections.flatMap(({ indexes }) => indexes),
  );
}

/** Milvus keeps one index on a field, and the engine makes the new before it drops the old. */
function isIndexed({ program, before }: Editing, key: number, fieldName: string): boolean {
  return [program, before].some(({ collections }) =>
    collections.some((one) => one.key === key && one.indexes.some((index) => index.fieldName === fieldName)),
  );
}

function add(editing: Editing, one: DeclaredCollection, fieldName: string, form: number): void {
  if (isIndexed(editing, one.key, fieldName)) return;
  const key = ++editing.program.made;
  one.indexes.push({
    kind: "Index",
    key,
    logicalName: `by_${fieldName}_${key}`,
    ...(form % 3 === 0 && { indexName: `i${key}` }),
    fieldName,
    reference: pick(REFERENCES, form),
    ...(fieldName === "embedding"
      ? pick(VECTOR_INDEXES, form)
      : form % 2 === 0 && { indexType: scalarType(one, fieldName) }),
  });
}

export function scalarType({ schema }: DeclaredCollection, fieldName: string): string {
  const isText = fieldName === "title" || (fieldName === "id" && schema.primaryKey === "VarChar");
  return isText ? "Trie" : "STL_SORT";
}

function move(editing: Editing, one: DeclaredCollection, form: number): void {
  const fieldName = pick(SCALAR_FIELDS, form);
  const index = free(editing, one.indexes).find((some) => some.fieldName !== "embedding");
  if (!index || isIndexed(editing, one.key, fieldName)) return;
  index.fieldName = fieldName;
  if (index.indexType !== undefined) index.indexType = scalarType(one, fieldName);
}

export function indexStatement(of: DeclaredCollection, one: DeclaredIndex): Statement {
  const { indexName, fieldName, indexType, metricType, params } = one;
  return statementIn(of, one, { indexName, fieldName, indexType, metricType, params });
}
