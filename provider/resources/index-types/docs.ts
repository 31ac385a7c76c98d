/** What editors show of a parameter of indexes, and how programs may write it: the table of types, seen from its parameters. */
import { beyondExact, isInexact, openUnion, scalar, type Shape, string } from "../../core/shapes";
import { thousands } from "../../core/thousands";
import { type Limits, MEANINGS, type ParameterName } from "./parameters";
import { INDEX_TYPE_NAMES, INDEX_TYPES } from "./types";

/** What each type that takes a parameter says of it. */
function limitsOf(name: ParameterName): [type: string, limits: Limits][] {
  return INDEX_TYPE_NAMES.flatMap((type) => {
    const limits = INDEX_TYPES[type]?.params[name];
    return limits ? [[type, limits]] : [];
  });
}

/** `Connections of a node. HNSW, HNSW_SQ: 2 to 2,048, default 30.` Types that say the same stand together. */
export function docOf(name: ParameterName): string {
  const typesByWords = new Map<string, string[]>();
  for (const [type, limits] of limitsOf(name)) {
    const words = wordsOf(limits);
    typesByWords.set(words, [...(typesByWords.get(words) ?? []), type]);
  }
  const groups = [...typesByWords].map(([words, types]) => `${types.join(", ")}${words && `: ${words}`}.`);
  return [`${capital(MEANINGS[name])}.`, ...groups].join(" ");
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** `2 to 2,048, default 30`, `SQ6, SQ8 or FP16, from Milvus 2.6`. */
export function wordsOf(limits: Limits): string {
  const { default: byDefault, note, from, required, parts } = limits;
  return [
    rangeInWords(limits),
    parts && "divides `dim`",
    required && "required",
    byDefault !== undefined && `default ${count(byDefault)}`,
    from && `from Milvus ${from}`,
    note,
  ]
    .filter(Boolean)
    .join(", ");
}

function rangeInWords({ kind, min, max, known = [] }: Limits): string | undefined {
  if (kind === "text" && known.length > 0) return inWords(known);
  if (min !== undefined && max !== undefined) return `${count(min)} to ${count(max)}`;
  if (min !== undefined) return `${count(min)} or more`;
  return undefined;
}

const count = (value: number | string | boolean): string =>
  typeof value === "number" ? thousands(value) : String(value);

function inWords(values: readonly string[]): string {
  return values.length < 2 ? values.join("") : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}

/**
 * Numbers and truth values may be text too, as servers give them back. Ranges are judged where the type of the index is
 * known: others leave the parameter unused.
 */
export function shapeOf(name: ParameterName): Shape<string | number | boolean> {
  const all = limitsOf(name).map(([, limits]) => limits);
  const [{ kind }] = all as [Limits];
  if (kind === "flag") return exact("boolean | string");
  if (kind !== "text") return exact("number | string");
  const known = [...new Set(all.flatMap((limits) => limits.known ?? []))];
  return known.length > 0 ? exact(openUnion(known)) : string();
}

function exact(typeScript: string): Shape<string | number | boolean> {
  const shape = scalar(typeScript);
  return {
    ...shape,
    check: (value, path, report) =>
      isInexact(value) ? report(path, beyondExact(value)) : shape.check(value, path, report),
  };
}
