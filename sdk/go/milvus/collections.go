package milvus

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// standsIn makes what stands in a Collection of the program go with it: one DropCollection for all. A Collection that is
// only read is never deleted, and what is deleted with it would stay on the server.
func standsIn(collection pulumi.Input, opts []pulumi.ResourceOption) []pulumi.ResourceOption {
	docs, ok := collection.(*Collection)
	if !ok || docs.isRead {
		return opts
	}
	return append([]pulumi.ResourceOption{pulumi.DeletedWith(docs)}, opts...)
}
