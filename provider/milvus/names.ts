/** Objects as messages and ids name them. */

export interface CollectionRef {
  readonly databaseName: string;
  readonly collectionName: string;
}

export interface PartitionRef extends CollectionRef {
  readonly partitionName: string;
}

export interface IndexRef extends CollectionRef {
  readonly indexName: string;
}

export interface AliasRef {
  readonly databaseName: string;
  readonly aliasName: string;
}

export const aDatabase = (databaseName: string): string => `database ${databaseName}`;

export const anAlias = ({ databaseName, aliasName }: AliasRef): string =>
  `alias ${databaseName}/${aliasName}`;

export const aCollection = ({ databaseName, collectionName }: CollectionRef): string =>
  `collection ${databaseName}/${collectionName}`;

export const aPartition = (ref: PartitionRef): string =>
  `partition ${ref.partitionName} of ${aCollection(ref)}`;

export const anIndex = (ref: IndexRef): string => `index ${ref.indexName} of ${aCollection(ref)}`;

/** Tells collections of one server apart, for queues and batches. */
export const keyOf = ({ databaseName, collectionName }: CollectionRef): string =>
  `${databaseName}/${collectionName}`;

/** The wire's words for a collection. */
export const wire = ({ databaseName, collectionName }: CollectionRef) => ({
  db_name: databaseName,
  collection_name: collectionName,
});
