// An inline program of the Automation API, which needs no language host: PROGRAM COMMAND FOLDER STACK EXPECT. What it
// declares, with what it finds in FOLDER, is in program.go.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	// Programs that tests print read stack config, and what that needs is pinned with the rest.
	_ "github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

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
