/** What bin/pulumi-milvus.js starts. */
import { Command, Option } from "commander";

import { logTo } from "../provider/core/log";
import { packageVersion } from "../sdk/nodejs/engines";
import { comment, type CommentOptions } from "./comment/command";
import { drift, type DriftOptions } from "./drift/command";
import { UNDECLARED } from "./drift/report";
import { exportProgram, type ExportOptions } from "./export/command";
import { migrate, type MigrateOptions } from "./migrate/command";
import { preview, type PreviewOptions } from "./preview/command";

// Standard output is the report.
logTo((line) => console.error(line));

const program = new Command("pulumi-milvus")
  .description("What a Pulumi program with Milvus objects would do to their data.")
  .version(packageVersion());

program
  .command("preview")
  .description(
    "Runs `pulumi preview`, asks the live servers, and reports what data would be lost. Exit code 0: nothing is " +
      "lost; 2: data would be lost that is not acknowledged, or `pulumi up` refuses something; 3: it could not be judged; " +
      "1: the preview failed.",
  )
  .option("-s, --stack <name>", "the stack; default: the one that is selected")
  .option("-C, --cwd <directory>", "the folder of the program")
  .option(
    "--json",
    "print the report as JSON; its schema is in the package: pulumi-milvus/report.schema.json",
  )
  .option("--markdown <file>", "write the report for a pull request as well")
  .option(
    "--from <preview.json>",
    "judge a saved `pulumi preview --json --show-replacement-steps` instead of running one",
  )
  .option(
    "--acknowledge-file <file>",
    "write the ids that acknowledge every loss, for `pulumi config set milvus:acknowledgedDataLoss < FILE`",
  )
  .argument("[flags...]", "after `--`: flags for `pulumi preview`")
  .action(async (flags: string[], options: PreviewOptions) => {
    process.exitCode = await preview(options, flags);
  });

program
  .command("drift")
  .description(
    "Says what on the live servers differs from the state of a stack, and what stands there that no resource of it " +
      "declares. Reads only: no server and no state is changed. Exit code 0: nothing differs; 2: something does; 3: " +
      "some of it could not be judged; 1: the command failed.",
  )
  .option("-s, --stack <name>", "the stack; default: the one that is selected")
  .option("-C, --cwd <directory>", "the folder of the program")
  .option("--json", "print the report as JSON")
  .option("--markdown <file>", "write the report for an issue as well")
  .addOption(
    new Option(
      "--undeclared <what>",
      "what no resource declares: tell it, count it as drift (exit code 2) as well, or do not look for it",
    )
      .choices(UNDECLARED)
      .default("tell"),
  )
  .option(
    "--all-databases",
    "look for it in all databases, and at what stands in none, such as users; default: in the databases that the " +
      "stack has objects in, and at what is of a kind that it declares",
  )
  .action(async (options: DriftOptions) => {
    process.exitCode = await drift(options);
  });

program
  .command("export")
  .description(
    "Writes a TypeScript program that declares a live server as it stands, to be taken over with `adopt: true` and kept " +
      "with `protectData: true`. The server is that of MILVUS_ADDRESS and its like, or of a stack's config. With --import, the file that `pulumi import " +
      "--file` takes, for programs of every language over the plugin.",
  )
  .option("-d, --database <name>", "one database; default: all of them")
  .option("-c, --collection <name...>", "these collections; default: all of them")
  .option("-o, --out <file>", "write to a file instead of standard output")
  .option("-f, --force", "overwrite a file that is there already")
  .option("--import", "write the file for `pulumi import --file` instead of a program")
  .option("--provider <name=urn>", "with --import: the explicit Provider of the stack that is to have them")
  .option("-s, --stack <name>", "take the server from the config of this stack")
  .option("-C, --cwd <directory>", "the folder of that stack's program")
  .action((options: ExportOptions) => exportProgram(options));

program
  .command("migrate")
  .description(
    "Turns a state of dynamic resources into one of the plugin, for programs that go over to " +
      '"pulumi-milvus/plugin". Nothing is asked of a server, and nothing on it changes.',
  )
  .argument("<state.json>", "what `pulumi stack export --file` wrote")
  .option(
    "-o, --out <file>",
    "what `pulumi stack import --file` is to read; default: beside the other, .plugin.json",
  )
  .option("-f, --force", "overwrite files that are there already")
  .action((file: string, options: MigrateOptions) => migrate(file, options));

program
  .command("comment")
  .description(
    "Posts a report as a comment on a GitHub pull request or a GitLab merge request, or updates the one that is there. " +
      "Where, the environment of the CI job says.",
  )
  .requiredOption("-f, --file <report.md>", "what `preview --markdown` wrote")
  .option("-p, --pull-request <number>", "default: the one that the job runs for")
  .option("-s, --stack <name>", "keep a comment of its own for this stack")
  .action((options: CommentOptions) => comment(options));

program.parseAsync().catch((error: unknown) => {
  console.error(`pulumi-milvus: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
