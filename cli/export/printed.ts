/**
 * TypeScript in the form that prettier gives it, so that a project which formats what was exported sees no change. Pure.
 * Prettier itself would be a dependency of everybody who only declares collections.
 */

/** An expression that stands as it is, such as a variable. */
export class Code {
  constructor(readonly text: string) {}
}

const WIDTH = 80;
/** Of a level. */
const INDENT = "  ";

/** A call of a class or function with a text and perhaps an object, as a statement, or as what a variable is set to. */
export interface Call {
  readonly callee: string;
  readonly name: string;
  readonly args?: object;
}

export function statement(call: Call): string {
  return `${printedCall(call, "")};`;
}

export function constant(variable: string, call: Call): string {
  const start = `const ${variable} =`;
  if (fits(`${start} ${call.callee}(`)) return `${printedCall(call, "", `${start} `)};`;
  return `${start}\n${INDENT}${printedCall(call, INDENT)};`;
}

/** What stands in its first line before it: `start`, and the indent. */
function printedCall({ callee, name, args }: Call, indent: string, start = ""): string {
  const open = `${start}${callee}(`;
  const isFilled = args !== undefined && isObject(args);
  if (fits(`${indent}${open}${text(name)}${isFilled ? ", {" : ");"}`))
    return `${open}${text(name)}${isFilled ? `, ${printed(args, indent)}` : ""})`;
  const inside = indent + INDENT;
  const values = isFilled ? [name, args] : [name];
  return `${open}\n${values.map((value) => `${inside}${printed(value, inside)},\n`).join("")}${indent})`;
}

/** Begins behind `start` in its line, with a comma behind it. */
function printed(value: unknown, indent: string, start = indent): string {
  const inside = indent + INDENT;
  if (isObject(value)) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    return `{\n${entries.map(([key, one]) => printedEntry(key, one, inside)).join("")}${indent}}`;
  }
  const short = inOneLine(value);
  if (short !== undefined && (!isList(value) || fits(`${start}${short},`))) return short;
  return `[\n${(value as unknown[]).map((one) => `${inside}${printed(one, inside)},\n`).join("")}${indent}]`;
}

/** Prettier moves no value behind so short a key. */
const SHORT_KEY = INDENT.length + 3;

function printedEntry(key: string, value: unknown, indent: string): string {
  const name = isIdentifier(key) ? key : text(key);
  const start = `${indent}${name}: `;
  const line = `${start}${printed(value, indent, start)},\n`;
  if (isObject(value) || isList(value) || fits(line.trimEnd()) || name.length < SHORT_KEY) return line;
  return `${indent}${name}:\n${indent}${INDENT}${printed(value, indent)},\n`;
}

/** Nothing for what prettier breaks however short it is: objects that stood in lines of their own, and lists of lists. */
function inOneLine(value: unknown): string | undefined {
  if (value instanceof Code) return value.text;
  if (isObject(value)) return undefined;
  if (!isList(value)) return atom(value);
  if (value.length > 1 && value.every((one) => isList(one) && one.length > 1)) return undefined;
  const parts = value.map(inOneLine);
  return parts.includes(undefined) ? undefined : `[${parts.join(", ")}]`;
}

function atom(value: unknown): string {
  if (typeof value === "string") return text(value);
  if (typeof value === "number") return String(value).replace("e+", "e");
  return typeof value === "object" && value !== null ? "{}" : String(value);
}

/** In the quotes of which it has fewer; double ones otherwise. */
function text(value: string): string {
  const count = (quote: string): number => value.split(quote).length;
  const double = JSON.stringify(value).replaceAll(
    /[\u2028\u2029]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16)}`,
  );
  if (count('"') <= count("'")) return double;
  return `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function isIdentifier(key: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key);
}

/** With something in it. */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" &&
    value !== null &&
    !isList(value) &&
    !(value instanceof Code) &&
    Object.values(value).some((one) => one !== undefined)
  );
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function fits(line: string): boolean {
  return line.length + (line.match(WIDE) ?? []).length <= WIDTH;
}

/** What takes two columns, of East Asian scripts. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/g;
