/** docs/matrix.md, written out of the table that `live/language-matrix` runs. */
import { resources } from "../provider/registry";
import { KINDS } from "../tests/live/support/kinds";
import { LANGUAGES, OPERATIONS, rowsOf } from "../tests/live/support/language-table";
import { table } from "./page";

const HEAD = `<!-- Written by \`npm run generate\` from tests/live/support/language-table.ts; do not edit. -->

# Languages, resources and operations

What \`live/language-matrix\` runs: in each language one program that declares every kind of resource, through Pulumi's
engine, and each cell is a test. The programs are printed from the same data by what prints the examples on the pages of
resources, and compiled or run against the SDK of their language.

- ● on a real Milvus 2.3.5, and on a fake of Milvus 3.0.4, which has every kind, more than one query node, and changes in
  place that 2.3.5 does not know.
- ○ on the fake alone. Programs in TypeScript are those of all other live tests: \`live/every-kind\` has every kind on the real
  server too.
- – there is no such thing: Pulumi's dynamic providers have no import.

| operation | what is tested |
| --- | --- |
| create | \`up\` makes it, and it stands on the server |
| no change | a preview of the same program finds none |
| refresh | \`refresh\` finds none |
| change | another value of an input: what the engine does, and what stands on the server afterwards |
| import | \`pulumi import\` by its id into a state without it; then the preview of the program finds no change, but of a user, whose password no server gives back; then \`up\` |
| remove | it leaves the program, with all others, and \`up\` removes it from the server |
| destroy | \`destroy\` removes it from the server |
`;

export function matrixPage(): string {
  const sections = LANGUAGES.map((language) => {
    const rows = rowsOf(language).map((row, at) => [
      resources[KINDS[at] as (typeof KINDS)[number]].kind,
      ...row,
    ]);
    return `## ${language}\n\n${table(["resource", ...OPERATIONS], rows)}`;
  });
  return [HEAD, ...sections].join("\n");
}
