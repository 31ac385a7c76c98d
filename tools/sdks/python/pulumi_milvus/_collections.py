"""What stands in a Collection of the program lives on its server and goes with it: one DropCollection for all."""

import pulumi


def stands_in(collection: object, opts: pulumi.ResourceOptions, *, outlives: bool) -> None:
    """`outlives`: Milvus does not drop it with the collection, so it has a drop of its own before that."""
    from .collection import Collection

    if not isinstance(collection, Collection):
        return
    # What is only read is never deleted, and what is deleted with it would stay on the server.
    is_read = getattr(collection, "_is_read", False)
    if opts.deleted_with is None and not outlives and not is_read:
        opts.deleted_with = collection
    if opts.provider is None and opts.parent is None:
        opts.provider = getattr(collection, "_provider", None)
