/** Programs that name the plugin's resources by their types, as every language registers them. */
import { resources } from "../../../provider/registry";
import { FIELDS, HNSW, program } from "./live";

/** A program of the plugin's resources, as every language registers them. */
export function pluginProgram(...statements: string[]): string {
  return program(
    `const outputs = { Collection: ["collectionName", "collectionId", "databaseName"], Partition: ["partitionId"], Index: ["indexType"] };
     const kinds = ${JSON.stringify(Object.values(resources).map(({ kind }) => kind))};
     const plugin = Object.fromEntries(kinds.map((kind) => [kind, class extends pulumi.CustomResource {
       constructor(name, inputs, options) {
         const placeholders = Object.fromEntries((outputs[kind] ?? []).map((output) => [output, undefined]));
         super("milvus:index:" + kind, name, { ...placeholders, ...inputs }, options);
       }
     }]));`,
    ...statements,
  );
}

/** A collection that is loaded. */
export const LOADED_COLLECTION = pluginProgram(
  `const docs = new plugin.Collection("docs", { fields: ${FIELDS} });
   const index = new plugin.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });
   new plugin.CollectionLoad("docs", { collection: docs }, { dependsOn: [index] });`,
);
