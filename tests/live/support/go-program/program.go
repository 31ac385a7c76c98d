package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/pulumi-milvus/pulumi-milvus/sdk/go/milvus"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

type declared struct {
	Docs       string
	Partitions []string
	Metric     string
	Dim        int
}

func program(folder string) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		text, err := os.ReadFile(filepath.Join(folder, "declared.json"))
		if err != nil {
			return err
		}
		var wanted declared
		if err := json.Unmarshal(text, &wanted); err != nil {
			return err
		}
		docs, err := milvus.NewCollection(ctx, "documents", &milvus.CollectionArgs{
			CollectionName: pulumi.String(wanted.Docs),
			Fields: milvus.FieldArray{
				milvus.FieldArgs{Name: pulumi.String("id"), DataType: pulumi.String("Int64"), IsPrimaryKey: pulumi.Bool(true)},
				milvus.FieldArgs{Name: pulumi.String("year"), DataType: pulumi.String(milvus.DataTypeInt64)},
				milvus.FieldArgs{
					Name: pulumi.String("embedding"), DataType: pulumi.String("FloatVector"), Dim: pulumi.Int(wanted.Dim),
				},
			},
		})
		if err != nil {
			return err
		}
		for _, name := range wanted.Partitions {
			if _, err := milvus.NewPartition(ctx, name, &milvus.PartitionArgs{Collection: docs}); err != nil {
				return err
			}
		}
		if _, err := milvus.NewIndex(ctx, "by_meaning", &milvus.IndexArgs{
			Collection: docs,
			FieldName:  pulumi.String("embedding"),
			IndexType:  pulumi.String(milvus.IndexTypeHNSW),
			MetricType: pulumi.String(wanted.Metric),
			Params:     pulumi.Map{"M": pulumi.Int(8), "efConstruction": pulumi.Int(64)},
		}); err != nil {
			return err
		}
		if _, err := milvus.NewUser(ctx, wanted.Docs+"_reader", &milvus.UserArgs{
			Password: pulumi.ToSecret(pulumi.String("s3cret-of-the-reader")).(pulumi.StringOutput),
		}); err != nil {
			return err
		}
		ctx.Export("id", docs.CollectionId)
		return nil
	}
}
