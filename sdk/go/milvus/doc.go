// Milvus collections, partitions, indexes and everything around them.
package milvus
