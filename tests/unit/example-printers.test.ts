/** How a program that is data is printed in each language. That the examples compile: contract/examples. */
import { declare, type Example, secretSetting, the } from "../../provider/core/example";
import { inGo } from "../../provider/engines/plugin/examples/go";
import { inPython } from "../../provider/engines/plugin/examples/python";
import { inTypeScript } from "../../provider/engines/plugin/examples/typescript";
import { inYaml } from "../../provider/engines/plugin/examples/yaml";

const EXAMPLE: Example = [
  declare("User", "alice", { password: secretSetting("alicePassword") }),
  declare("Collection", "documents", {
    description: "What the assistant may quote",
    fields: [
      { name: "id", dataType: "Int64", isPrimaryKey: true },
      { name: "embedding", dataType: "FloatVector", dim: 768 },
    ],
    properties: { "collection.ttl.seconds": "86400" },
  }),
  declare("Index", "by_meaning", {
    collection: the("documents"),
    fieldName: "embedding",
    params: { M: 16, efConstruction: 200 },
  }),
  declare(
    "CollectionLoad",
    "loaded",
    { collection: the("documents"), partitionNames: ["_default"] },
    { dependsOn: ["by_meaning"] },
  ),
  declare("Grant", "search", {
    roleName: "readers",
    privilege: "Search",
    collectionName: the("documents", "collectionName"),
  }),
];

test("in TypeScript", () => {
  expect(`${inTypeScript(EXAMPLE)}\n`).toBe(`import * as pulumi from "@pulumi/pulumi";
import * as milvus from "pulumi-milvus/plugin";

const config = new pulumi.Config();
new milvus.User("alice", { password: config.requireSecret("alicePassword") });
const documents = new milvus.Collection("documents", {
  description: "What the assistant may quote",
  fields: [
    { name: "id", dataType: "Int64", isPrimaryKey: true },
    { name: "embedding", dataType: "FloatVector", dim: 768 },
  ],
  properties: { "collection.ttl.seconds": "86400" },
});
const byMeaning = new milvus.Index("by_meaning", {
  collection: documents,
  fieldName: "embedding",
  params: { M: 16, efConstruction: 200 },
});
new milvus.CollectionLoad("loaded", {
  collection: documents,
  partitionNames: ["_default"],
}, { dependsOn: [byMeaning] });
new milvus.Grant("search", {
  roleName: "readers",
  privilege: "Search",
  collectionName: documents.collectionName,
});
`);
});

test("in Python, whose records have names of its own and whose maps those of Milvus", () => {
  expect(`${inPython(EXAMPLE)}\n`).toBe(`import pulumi
import pulumi_milvus as milvus

config = pulumi.Config()
milvus.User("alice", password=config.require_secret("alicePassword"))
documents = milvus.Collection(
    "documents",
    description="What the assistant may quote",
    fields=[
        {"name": "id", "data_type": "Int64", "is_primary_key": True},
        {"name": "embedding", "data_type": "FloatVector", "dim": 768},
    ],
    properties={"collection.ttl.seconds": "86400"},
)
by_meaning = milvus.Index(
    "by_meaning",
    collection=documents,
    field_name="embedding",
    params={"M": 16, "efConstruction": 200},
)
milvus.CollectionLoad(
    "loaded",
    collection=documents,
    partition_names=["_default"],
    opts=pulumi.ResourceOptions(depends_on=[by_meaning]),
)
milvus.Grant(
    "search",
    role_name="readers",
    privilege="Search",
    collection_name=documents.collection_name,
)
`);
});

test("in Go, with the types of its SDK, as gofmt writes it", () => {
  expect(`${inGo(EXAMPLE)}\n`).toBe(`package main

import (
	"github.com/pulumi-milvus/pulumi-milvus/sdk/go/milvus"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		cfg := config.New(ctx, "")
		_, err := milvus.NewUser(ctx, "alice", &milvus.UserArgs{
			Password: cfg.RequireSecret("alicePassword"),
		})
		if err != nil {
			return err
		}
		documents, err := milvus.NewCollection(ctx, "documents", &milvus.CollectionArgs{
			Description: pulumi.String("What the assistant may quote"),
			Fields: milvus.FieldArray{
				milvus.FieldArgs{
					Name:         pulumi.String("id"),
					DataType:     pulumi.String("Int64"),
					IsPrimaryKey: pulumi.Bool(true),
				},
				milvus.FieldArgs{
					Name:     pulumi.String("embedding"),
					DataType: pulumi.String("FloatVector"),
					Dim:      pulumi.Int(768),
				},
			},
			Properties: pulumi.StringMap{"collection.ttl.seconds": pulumi.String("86400")},
		})
		if err != nil {
			return err
		}
		byMeaning, err := milvus.NewIndex(ctx, "by_meaning", &milvus.IndexArgs{
			Collection: documents,
			FieldName:  pulumi.String("embedding"),
			Params:     pulumi.Map{"M": pulumi.Int(16), "efConstruction": pulumi.Int(200)},
		})
		if err != nil {
			return err
		}
		_, err = milvus.NewCollectionLoad(ctx, "loaded", &milvus.CollectionLoadArgs{
			Collection:     documents,
			PartitionNames: pulumi.StringArray{pulumi.String("_default")},
		}, pulumi.DependsOn([]pulumi.Resource{byMeaning}))
		if err != nil {
			return err
		}
		_, err = milvus.NewGrant(ctx, "search", &milvus.GrantArgs{
			RoleName:       pulumi.String("readers"),
			Privilege:      pulumi.String("Search"),
			CollectionName: documents.CollectionName,
		})
		if err != nil {
			return err
		}
		return nil
	})
}
`);
});

test("in YAML, which says what goes with its collection", () => {
  expect(`${inYaml(EXAMPLE)}\n`).toBe(`config:
  alicePassword: { type: string, secret: true }
resources:
  alice:
    type: milvus:User
    properties:
      password: "\${alicePassword}"
  documents:
    type: milvus:Collection
    properties:
      description: "What the assistant may quote"
      fields:
        - { name: id, dataType: Int64, isPrimaryKey: true }
        - { name: embedding, dataType: FloatVector, dim: 768 }
      properties: { collection.ttl.seconds: "86400" }
  by_meaning:
    type: milvus:Index
    properties:
      collection: "\${documents}"
      fieldName: embedding
      params: { M: 16, efConstruction: 200 }
    options:
      deletedWith: "\${documents}"
  loaded:
    type: milvus:CollectionLoad
    properties:
      collection: "\${documents}"
      partitionNames: ["_default"]
    options:
      deletedWith: "\${documents}"
      dependsOn: ["\${by_meaning}"]
  search:
    type: milvus:Grant
    properties:
      roleName: readers
      privilege: Search
      collectionName: "\${documents.collectionName}"
`);
});
