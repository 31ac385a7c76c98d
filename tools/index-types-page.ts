/** docs/index-types.md, written out of the table of index types. */
import { wordsOf } from "../provider/resources/index-types/docs";
import { type IndexType, MEANINGS, type ParameterName } from "../provider/resources/index-types/parameters";
import { INDEX_TYPES, METRICS } from "../provider/resources/index-types/types";
import { linked, table } from "./page";

const HEAD = `<!-- Written by \`npm run generate\` from provider/resources/index-types/types.ts; do not edit. -->

# Index types and their parameters

What a preview knows of indexes before any server is asked. Ranges are the widest of Milvus 2.3 to 3.0; a server may want
less, and says so.

- A parameter that is misspelt, out of its range, or does not fit the \`dim\` of the field is an error, with the rule and what
  was probably meant. So is a misspelt index type, metric, key of \`properties\`, or privilege.
- A parameter of another type is a warning: Milvus builds without it (measured on 2.3.5, and read in knowhere v2.2.3 to v3.0.8).
- A name that is like none here is a warning, and goes to the server as it is: Milvus may be newer than this table.
- Numbers and truth values may be text, but for \`M\`, \`efConstruction\`, \`nlist\`, \`m\`, \`nbits\` and \`drop_ratio_build\`.
- Nothing is judged by a value that is known only after another resource is made.

All was read, in the source that is linked and in the configurations of zilliztech/knowhere, but for what is said to have been
measured: on a real 2.3.5, and on the control planes of 2.5.27, 2.6.19 and 3.0.0.
`;

/** One type, as a section of its own. */
function section(name: string, { fields, params, from, measured, source }: IndexType): string {
  const rows = Object.entries(params).map(([param, limits]) => [
    `\`${param}\``,
    MEANINGS[param as ParameterName],
    wordsOf(limits),
  ]);
  const told = [
    `For ${fields.join(", ")}${from === undefined ? "" : `; from Milvus ${from}`}. Source: ${linked(source)}.`,
    ...(measured === undefined ? [] : [`Measured on ${measured}.`]),
  ];
  const body = rows.length > 0 ? table(["parameter", "what it is", "values"], rows) : "No parameters.\n";
  return `## ${name}\n\n${told.join(" ")}\n\n${body}`;
}

/** Markdown, as yet unformatted. */
export function indexTypesPage(): string {
  return [
    HEAD,
    ...Object.entries(INDEX_TYPES).map(([name, type]) => section(name, type)),
    "## Metrics\n",
    table(
      ["field", "metrics"],
      Object.entries(METRICS).map(([dataType, names]) => [dataType, names.join(", ")]),
    ),
  ].join("\n");
}
