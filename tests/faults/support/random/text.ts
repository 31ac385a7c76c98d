/** Declarations as the text of a program has them. */
import type { AnyDeclared } from "./program";

export interface Statement {
  readonly key: number;
  /** The keys of what it uses. */
  readonly needs: readonly number[];
  readonly text: string;
}

/** Stands in the text as it is. */
export class Code {
  constructor(readonly text: string) {}
}

export function variableOf(kind: string, key: number): string {
  return `${kind.charAt(0).toLowerCase()}${key}`;
}

/** An output of another resource. */
export function outputOf(kind: string, key: number, output: string): Code {
  return new Code(`${variableOf(kind, key)}.${output}`);
}

export function statement(
  declared: AnyDeclared,
  args: object,
  needs: readonly number[] = [],
  { dependsOn }: { readonly dependsOn?: string } = {},
): Statement {
  const { kind, key, logicalName, alias } = declared;
  const options = {
    ...(alias !== undefined && { aliases: [{ name: alias }] }),
    ...(dependsOn !== undefined && { dependsOn: [new Code(dependsOn)] }),
  };
  const all = [
    JSON.stringify(logicalName),
    textOf(args),
    ...(textOf(options) === "{}" ? [] : [textOf(options)]),
  ];
  return { key, needs, text: `const ${variableOf(kind, key)} = new milvus.${kind}(${all.join(", ")});` };
}

/** What is undefined is left out. */
function textOf(value: unknown): string {
  if (value instanceof Code) return value.text;
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${entries.map(([key, one]) => ` ${/^\w+$/.test(key) ? key : JSON.stringify(key)}: ${textOf(one)}`).join(",")}${entries.length > 0 ? " " : ""}}`;
}

/** Each stands anywhere after what it uses. */
export function inSomeOrder(statements: readonly Statement[], order: number): string[] {
  const left = [...statements];
  const made = new Set<number>();
  const texts: string[] = [];
  for (let next = order; left.length > 0; next = (next * 31 + 7) % 10_007) {
    const ready = left.filter(({ needs }) => needs.every((key) => made.has(key)));
    const one = ready[next % ready.length];
    if (!one) throw new Error(`these need each other: ${left.map(({ text }) => text).join("\n")}`);
    left.splice(left.indexOf(one), 1);
    made.add(one.key);
    texts.push(one.text);
  }
  return texts;
}
