"""A collection in Milvus with a partition and an index, loaded for searches"""

import pulumi
import pulumi_milvus as milvus

documents = milvus.Collection(
    "documents",
    description="What the assistant may quote",
    fields=[
        {"name": "id", "data_type": "Int64", "is_primary_key": True},
        {"name": "title", "data_type": "VarChar", "max_length": 512},
        # As many dimensions as the vectors of your model have.
        {"name": "embedding", "data_type": "FloatVector", "dim": 768},
    ],
)

# Taken out of the program, it is released and dropped with its data at the next `pulumi up`.
milvus.Partition("y2024", collection=documents)

by_meaning = milvus.Index(
    "by_meaning",
    collection=documents,
    field_name="embedding",
    index_type="HNSW",  # AUTOINDEX, without params, on Zilliz Cloud
    metric_type="COSINE",
    params={"M": 16, "efConstruction": 200},
)

# Only what is loaded can be searched, and only what has an index can be loaded.
milvus.CollectionLoad(
    "loaded",
    collection=documents,
    opts=pulumi.ResourceOptions(depends_on=[by_meaning]),
)

pulumi.export("collection_name", documents.collection_name)
pulumi.export("collection_id", documents.collection_id)
