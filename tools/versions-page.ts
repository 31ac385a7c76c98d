/** docs/versions.md, written out of the version table. */
import { type Feature, LINES, TABLE } from "../provider/milvus/versions";
import { linked, table } from "./page";

const HEAD = `<!-- Written by \`npm run generate\` from provider/milvus/versions.ts; do not edit. -->

# Milvus versions

What works from which Milvus. The provider asks the server for its version and goes by this table: what a server is too
old for is refused before anything is made, in words that name the version.
`;

const LINES_HEAD = `## How each line is known

- **run**: the whole test suite runs against it.
- **control plane**: what creates, describes, alters, loads and drops was seen on real servers of that line, whose core for
  search and for building indexes was a stand-in. Nothing here speaks of search results there.
- **read**: from release notes, sources and documents alone.
`;

const NAMES = `## Which version a server is

Releases name themselves, such as \`v2.6.19\` or \`2.6.19-gpu\`. A development build that names a line alone, such as
\`2.6-20260404-31fb3fc\`, counts as the newest of that line; one that names none, such as \`master-20260226-abcdef\`, as the
newest Milvus: what it does not know it refuses itself. Zilliz Cloud says so when a client connects, with the Milvus that it
is compatible with, and counts as the newest of that line but for what stands below. A program asks with
\`getServerVersion\`.
`;

const PROVEN = `The column "known from" says how far what is told of a line was tried at all, on the servers above; the first version is
where the source says so.
`;

const features = [...TABLE.values()];

function since({ milvus, except }: Feature): string {
  const first = milvus === "always" ? "all" : milvus.join(".");
  return except ? `${first}, but not from ${except.from.join(".")} until ${except.before.join(".")}` : first;
}

const yes = (is: boolean): string => (is ? "yes" : "no");

function onCloud({ cloud }: Feature): string {
  if (!cloud) return "as Milvus";
  return cloud.has ? "yes, see below" : "no, see below";
}

/** Oldest first; what has always been there first of all. */
function byVersion(some: readonly Feature[]): Feature[] {
  const rank = ({ milvus }: Feature): number =>
    milvus === "always" ? 0 : milvus.reduce((sum, number) => sum * 1000 + number, 0);
  return [...some].sort((a, b) => rank(a) - rank(b));
}

function featureTable(what: string, some: readonly Feature[]): string {
  return table(
    [what, "from Milvus", "Zilliz Cloud", "Milvus Lite", "known from", "source"],
    byVersion(some).map((one) => [
      one.name,
      since(one),
      onCloud(one),
      yes(one.lite),
      one.proven,
      linked(one.source),
    ]),
  );
}

/** Markdown, as yet unformatted. */
export function versionsPage(): string {
  const lines = LINES.map(({ name, proven, with: servers }) => [name, proven, servers]);
  const cloud = features.flatMap(({ name, cloud: one }) =>
    one ? [[name, yes(one.has), one.note, linked(one.source)]] : [],
  );
  return [
    HEAD,
    LINES_HEAD,
    table(["line", "known from", "with"], lines),
    NAMES,
    "## What works from when\n",
    PROVEN,
    featureTable(
      "what",
      features.filter(({ inPlace, inner }) => !inPlace && !inner),
    ),
    "## What is changed in place from when\n",
    featureTable(
      "what",
      features.filter(({ inPlace }) => inPlace),
    ),
    "## Zilliz Cloud\n",
    "No Zilliz Cloud was asked; this is what its pages say.\n",
    table(["what", "there", "note", "page"], cloud),
    "## What the provider minds by itself\n",
    "Differences that no program has to know of.\n",
    featureTable(
      "what the server does",
      features.filter(({ inner }) => inner),
    ),
  ].join("\n");
}
