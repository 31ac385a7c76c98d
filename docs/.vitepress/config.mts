/** The site of the documentation: README.md is its first page, and the pages of docs/ follow. */
import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join, posix } from "node:path";

import { defineConfig, type MarkdownOptions } from "vitepress";

import { slug } from "../../tools/markdown.js";

const ROOT = join(import.meta.dirname, "..", "..");

const RESOURCES = {
  Database: "database",
  Collection: "collection",
  Partition: "partition",
  PartitionSet: "partition-set",
  Index: "field-index",
  CollectionLoad: "collection-load",
  Alias: "alias",
  CollectionBehindAlias: "collection-behind-alias",
  User: "user",
  Role: "role",
  RoleMembership: "role-membership",
  Grant: "grant",
  PrivilegeGroup: "privilege-group",
  ResourceGroup: "resource-group",
};

type Rule = Parameters<Parameters<NonNullable<MarkdownOptions["config"]>>[0]["core"]["ruler"]["push"]>[1];
type Token = Parameters<Rule>[0]["tokens"][number];

/** Files that pages link to beside pages, such as examples; on the site they are texts. */
const linkedFiles = new Set<string>();

/** Links are between files of the repository; on the site README.md and docs/ are in one folder. */
function asOnSite(from: string, link: string): string {
  if (/^(https?:|#)/.test(link)) return link;
  const [file = "", anchor] = link.split("#");
  const target = posix.join(posix.dirname(from), file);
  const behind = anchor === undefined ? "" : `#${anchor}`;
  if (target === "README.md") return `/${behind}`;
  if (target.endsWith(".md")) return `/${target.replace(/^docs\//, "")}${behind}`;
  linkedFiles.add(target);
  return `/${target}.txt`;
}

/** The search calls a page by its place in the repository, everything else by that on the site. */
function sourceOf(page: string): string {
  if (page === "index.md") return "README.md";
  return page === "README.md" || page.startsWith("docs/") ? page : `docs/${page}`;
}

function rewriteLinks({ tokens, env }: { tokens: Token[]; env: { relativePath: string } }): void {
  const from = sourceOf(env.relativePath);
  for (const token of tokens.flatMap(({ children }) => children ?? [])) {
    const href = token.type === "link_open" ? token.attrGet("href") : null;
    if (href !== null) token.attrSet("href", asOnSite(from, href));
  }
}

export default defineConfig({
  title: "pulumi-milvus",
  description:
    "Milvus collections, partitions, indexes and everything around them, declared in Pulumi programs",
  srcDir: "..",
  srcExclude: ["{.github,dist,examples,release,sdk,tests,tools}/**"],
  rewrites: { "README.md": "index.md", "docs/:page(.*)": ":page" },
  markdown: {
    anchor: { slugify: slug },
    config: (md) => void md.core.ruler.push("links of the repository", rewriteLinks),
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Getting started", link: "/getting-started" },
      { text: "Safety", link: "/safety" },
      { text: "Resources", link: "/resources" },
    ],
    sidebar: [
      {
        text: "Begin",
        items: [
          { text: "What it is", link: "/" },
          { text: "Getting started", link: "/getting-started" },
          { text: "Languages and engines", link: "/languages" },
          { text: "Configuration", link: "/configuration" },
          { text: "Milvus in the same stack", link: "/milvus-in-the-stack" },
          { text: "Zilliz Cloud", link: "/zilliz-cloud" },
          { text: "Comparison", link: "/comparison" },
        ],
      },
      {
        text: "How it works",
        items: [
          { text: "Safety", link: "/safety" },
          { text: "Concepts", link: "/concepts" },
          { text: "Replacements", link: "/replacements" },
          { text: "Large stacks", link: "/large-stacks" },
          { text: "The report", link: "/report" },
          { text: "In CI", link: "/ci" },
          { text: "Drift", link: "/drift" },
          { text: "Testing your program", link: "/testing-programs" },
        ],
      },
      {
        text: "Resources",
        items: [
          { text: "What a change does", link: "/resources" },
          ...Object.entries(RESOURCES).map(([text, page]) => ({ text, link: `/resources/${page}` })),
        ],
      },
      {
        text: "When something is wrong",
        items: [
          { text: "Troubleshooting", link: "/troubleshooting" },
          { text: "Limits", link: "/limits" },
          { text: "Index types", link: "/index-types" },
          { text: "Versions", link: "/versions" },
          { text: "Faults", link: "/faults" },
          { text: "Tests", link: "/testing" },
          { text: "What is tested", link: "/matrix" },
          { text: "Architecture", link: "/architecture" },
        ],
      },
    ],
  },
  buildEnd({ outDir }) {
    for (const file of linkedFiles) {
      const target = join(outDir, `${file}.txt`);
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(join(ROOT, file), target);
    }
  },
});
