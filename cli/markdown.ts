/**
 * Markdown of a limited length: GitHub takes 65,536 characters for a comment and an issue. What is over that goes from the
 * tail, and what went is said.
 */
import { thousands } from "../provider/core/thousands";

const LIMIT = 65_536;
/** Left for the lines that say what was left out, and for what wraps the text. */
const RESERVE = 1_500;

/** Adds a part, unless it is too long. */
export interface Add {
  (part: string): boolean;
  /** The command that prints all of it. */
  readonly command: string;
}

export function limited(parts: string[], command: string): Add {
  let length = parts.join("\n\n").length;
  const add = (part: string): boolean => {
    if (length + part.length + 2 > LIMIT - RESERVE) return false;
    parts.push(part);
    length += part.length + 2;
    return true;
  };
  return Object.assign(add, { command });
}

/** Of a table. */
export const ROWS_AT_ONCE = 400;

export function addList(title: string, lines: readonly string[], add: Add): void {
  const bullets = lines.map((line) => `- ${escaped(line)}`);
  if (bullets.length > 0)
    addAsManyAsFit(bullets, (some) => `**${title}**\n\n${some.join("\n")}`, 200, "line", "lines", add);
}

export function addFolded(title: string, lines: readonly string[], add: Add): void {
  const bullets = lines.map((line) => `- ${escaped(line)}`);
  const format = (some: readonly string[]): string => folded(`${title}: ${lines.length}`, some.join("\n"));
  if (bullets.length > 0) addAsManyAsFit(bullets, format, 200, "line", "lines", add);
}

export function folded(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

/** Halves what is shown until it fits; the rest is counted, never cut in the middle. */
export function addAsManyAsFit(
  lines: readonly string[],
  format: (lines: readonly string[]) => string,
  most: number,
  one: string,
  many: string,
  add: Add,
): void {
  for (let shown = Math.min(lines.length, most); shown > 0; shown = Math.floor(shown / 2)) {
    const left = lines.length - shown;
    const tail =
      left === 0
        ? ""
        : `\n\n… and ${thousands(left)} more ${left === 1 ? one : many}; run \`npx pulumi-milvus ${add.command}\` for all of them.`;
    if (add(`${format(lines.slice(0, shown))}${tail}`)) return;
  }
}

export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)} … (${text.length - most} more characters)`;
}

/** Nothing that came from a server or a program may close a cell, a fold or a code block. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("|", "\\|").replaceAll("\n", " ");
}

export function fenced(text: string, language = ""): string {
  const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** As it stands, whatever is in it: nobody is called by an @ in it. Fits into the cell of a table. */
export function asCode(text: string): string {
  const plain = text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const fence = "`".repeat(1 + Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length)));
  return fence === "`" ? `\`${plain}\`` : `${fence} ${plain} ${fence}`;
}
