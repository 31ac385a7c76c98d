// An inline program of the Automation API, which needs no language host: PROGRAM COMMAND FOLDER STACK EXPECT.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi-milvus/pulumi-milvus/sdk/go/milvus"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
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

func run(command, folder, stackName, expect string) error {
	ctx := context.Background()
	stack, err := auto.SelectStackInlineSource(ctx, stackName, "test", program(folder), auto.WorkDir(folder))
	if err != nil {
		return err
	}
	if command == "up" {
		result, err := stack.Up(ctx)
		fmt.Println(result.StdOut)
		return err
	}
	options := []optpreview.Option{}
	if expect == "no-changes" {
		options = append(options, optpreview.ExpectNoChanges())
	}
	result, err := stack.Preview(ctx, options...)
	fmt.Println(result.StdOut)
	return err
}

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
