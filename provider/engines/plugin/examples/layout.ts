/** Lays code out in lines: what fits into one stays in one, and what does not has its parts in lines of their own. */

export type Code = string | Group;

export interface Group {
  readonly open: string;
  readonly parts: readonly Part[];
  readonly close: string;
  /** In one line there are spaces within the brackets. */
  readonly spaced?: boolean;
  /** Never in one line. */
  readonly broken?: boolean;
}

export interface Part {
  /** With what stands between it and the value: `name: `, `name=`. */
  readonly key?: string;
  readonly value: Code;
}

export interface Layout {
  readonly unit: string;
  /** How many columns a unit takes. */
  readonly unitWidth: number;
  /** Whether values below each other begin in the same column, as gofmt has it. */
  readonly aligned?: boolean;
}

const WIDTH = 100;

export function group(open: string, parts: readonly Part[], close: string, more: Partial<Group> = {}): Group {
  return { open, parts, close, ...more };
}

/** With something before it. */
export function prefixed(text: string, code: Code): Code {
  return typeof code === "string" ? text + code : { ...code, open: text + code.open };
}

/** With something behind it. */
export function suffixed(code: Code, text: string): Code {
  return typeof code === "string" ? code + text : { ...code, close: code.close + text };
}

export function laidOut(code: Code, layout: Layout, depth = 0): string[] {
  const indent = layout.unit.repeat(depth);
  const one = inOneLine(code);
  if (typeof code === "string") return [indent + code];
  // A comma may follow it.
  if (one !== undefined && depth * layout.unitWidth + one.length < WIDTH) return [indent + one];
  const parts = code.parts.map(({ key = "", value }) => ({
    key,
    lines: laidOut(prefixed(key, value), layout, depth + 1),
  }));
  return [
    indent + code.open,
    ...(layout.aligned
      ? aligned(parts, layout.unit.repeat(depth + 1))
      : parts.map(({ lines }) => lines)
    ).flatMap((lines) => [...lines.slice(0, -1), `${lines.at(-1)},`]),
    indent + code.close,
  ];
}

function inOneLine(code: Code): string | undefined {
  if (typeof code === "string") return code;
  const parts = code.parts.map(({ key = "", value }) => {
    const line = inOneLine(value);
    return line === undefined ? undefined : key + line;
  });
  if (code.broken || parts.includes(undefined)) return undefined;
  const space = code.spaced && parts.length > 0 ? " " : "";
  return code.open + space + parts.join(", ") + space + code.close;
}

interface LaidOut {
  readonly key: string;
  readonly lines: string[];
}

/** What takes more lines than one is aligned with nothing. */
function aligned(parts: readonly LaidOut[], indent: string): string[][] {
  const widthAt = (at: number): number => {
    const isShort = (one: LaidOut | undefined): one is LaidOut => one?.lines.length === 1;
    let [first, last] = [at, at];
    while (isShort(parts[first - 1])) first -= 1;
    while (isShort(parts[last + 1])) last += 1;
    return Math.max(...parts.slice(first, last + 1).map(({ key }) => key.length));
  };
  return parts.map(({ key, lines }, at) => {
    const [line = "", ...more] = lines;
    if (more.length > 0) return lines;
    return [indent + key.padEnd(widthAt(at)) + line.slice(indent.length + key.length)];
  });
}
