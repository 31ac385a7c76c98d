/** What the pages that are written out of tables are made of: Markdown, as yet unformatted. */

type Row = readonly string[];

export function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n") + "\n";
}

/** Pages and pull requests as links. */
export function linked(source: string): string {
  return source
    .replaceAll(
      /(?:https:\/\/)?((?:milvus\.io|docs\.zilliz\.com)\/[\w./-]*?([\w-]+)(?:\.md)?)(?=[,;]|$)/g,
      "[$2](https://$1)",
    )
    .replaceAll(
      /(milvus-io\/milvus|zilliztech\/knowhere) ([\w./]+)/g,
      "[$1 $2](https://github.com/$1/tree/master/$2)",
    )
    .replaceAll(/milvus-io\/milvus#(\d+)/g, "[#$1](https://github.com/milvus-io/milvus/pull/$1)");
}
