/**
 * The shapes that inputs are declared with. A shape knows how to check a value, how to compare two of them and
 * what to call its type in TypeScript; everything else about an input (what a change of it does, its doc) is in
 * its property, see properties.ts.
 */
import { distance } from "fastest-levenshtein";

import { printable, withoutSecretValue } from "./printable";
import type { Properties, ValuesOf } from "./properties";
import { containsUnknown, isUnknown, KNOWN_AFTER_UP, UNKNOWN } from "./unknown";

/** Receives each problem with the path of the property that has it, such as `fields[0].dim`. */
export type Report = (path: string, reason: string) => void;

/** Which face of a type is meant: what a program passes in, or what a resource gives back. */
export type Side = "input" | "output";

/** A type in a package schema. Pulumi: https://www.pulumi.com/docs/iac/build-with-pulumi/schema/ */
export type SchemaType =
  | { readonly type: "string" | "boolean" | "integer" | "number" }
  | { readonly type: "array"; readonly items: SchemaType }
  | { readonly type: "object"; readonly additionalProperties: SchemaType }
  | { readonly $ref: string; readonly type?: "object" }
  | { readonly oneOf: readonly SchemaType[]; readonly type?: "string" };

export interface Shape<T> {
  check(value: unknown, path: string, report: Report): void;
  equal(a: T, b: T): boolean;
  /**
   * The form in which a checked value is kept and compared, for example numbers in a map of strings as strings. `check` has
   * to take that form as well, and it has to be its own normal form: with `ignoreChanges` the engine hands it in again.
   */
  normalize(value: T): T;
  typeScript(side: Side): string;
  /** What programs of other languages pass in and get back. */
  readonly schema: SchemaType;
  /** How one value came to be another, where saying both would say too much. */
  difference?(was: T, is: T): string;
  /** The record this shape is, or lists; what the generated types and the diff walk into. */
  readonly record?: RecordShape<Properties>;
  /** The values that it, or each of its elements, is of or that are known of it, under the name of their type. */
  readonly values?: NamedValues;
  /** For lists whose elements are told apart by a property of theirs rather than by position. */
  readonly keyedBy?: string;
  /** What each value is in an object whose names are the program's. */
  readonly each?: Shape<unknown>;
  /** An object of texts with keys that no declaration has: what differs in it is told by key. */
  readonly isMap?: true;
  /** The list that an engine with a schema knows, for values that are kept in another form. */
  asList?(value: T): readonly unknown[];
  /** Only for inference: no value has it. */
  readonly _type?: T;
}

export interface NamedValues {
  readonly typeName: string;
  readonly doc: string;
  readonly known: readonly string[];
}

export interface RecordShape<P extends Properties> extends Shape<ValuesOf<P>> {
  readonly typeName: string;
  readonly doc: string;
  readonly properties: P;
  readonly open: boolean;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const ANYTHING: SchemaType = { $ref: "pulumi.json#/Any" };
const STRING: SchemaType = { type: "string" };

function simple<T>(
  typeScript: string,
  schema: SchemaType,
  check: (value: unknown) => string | undefined,
  equal: (a: T, b: T) => boolean = same,
): Shape<T> {
  return {
    check(value, path, report) {
      const reason = check(value);
      if (reason) report(path, reason);
    },
    equal,
    normalize: (value) => value,
    typeScript: () => typeScript,
    schema,
  };
}

/** How a message shows a value: short, and never the whole of a long one. */
export function show(value: unknown): string {
  // JSON has no NaN and no Infinity.
  const isNumber = typeof value === "number";
  const text =
    (isNumber ? undefined : JSON.stringify(value, (_, one: unknown) => withoutSecretValue(one))) ??
    String(isNumber ? withoutSecretValue(value) : value);
  // Secrets go first: the beginning of one is as bad as all of it.
  const clean = printable(text.replaceAll(JSON.stringify(UNKNOWN), `(${KNOWN_AFTER_UP})`));
  return clean.length > 60 ? `${clean.slice(0, 57)}...` : clean;
}

/** Where a value is, with names that a program may have made up. */
export function inside(path: string, name: string): string {
  const plain = /^[\w.-]{1,60}$/.test(name);
  if (path === "") return plain ? name : show(name);
  return plain ? `${path}.${name}` : `${path}[${show(name)}]`;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null || (typeof value === "number" && !Number.isFinite(value))) return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

export interface StringRules {
  /** What the text has to match, and the rule in words for the message. */
  readonly pattern?: RegExp;
  readonly rule?: string;
  /** In characters. */
  readonly maxLength?: number;
}

export function string(rules: StringRules = {}): Shape<string> {
  return simple<string>("string", STRING, (value) => {
    if (typeof value !== "string") return `must be a string, not ${kindOf(value)}`;
    const { maxLength, pattern, rule } = rules;
    if (maxLength !== undefined && value.length > maxLength)
      return `must have at most ${maxLength} characters, has ${value.length}`;
    if (pattern && !pattern.test(value))
      return `${show(value)}: ${rule ?? `must match ${pattern}`}${lookAlike(show(value))}`;
    return halfCharacter(value);
  });
}

/** Milvus's protocol is UTF-8, which has no half of a surrogate pair: it would arrive as U+FFFD. */
function halfCharacter(value: unknown): string | undefined {
  if (typeof value !== "string" || !/\p{Surrogate}/u.test(value)) return undefined;
  return `${show(value)} holds half of a character (a surrogate of UTF-16 without the other one), which UTF-8 cannot carry`;
}

/** A Cyrillic letter in a Latin word cannot be seen. */
function lookAlike(shown: string): string {
  const foreign = /[^\0-\x7f]/u.exec(shown)?.[0];
  if (foreign === undefined) return "";
  const code = foreign.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
  return `; ${show(foreign)} in it is U+${code}`;
}

export function flag(): Shape<boolean> {
  return simple<boolean>("boolean", { type: "boolean" }, (value) =>
    typeof value === "boolean" ? undefined : `must be true or false, not ${show(value)}`,
  );
}

export interface Range {
  readonly min?: number;
  readonly max?: number;
  /** Why less is too little, where that is not plain. */
  readonly tooLittle?: string;
}

/** Why it is not in the range; `whose` says of what the range is. */
export function outside(value: number, { min, max, tooLittle }: Range, whose = ""): string | undefined {
  if (min !== undefined && value < min)
    return `must be ${min} or more${whose}, not ${value}${tooLittle === undefined ? "" : `: ${tooLittle}`}`;
  if (max !== undefined && value > max) return `must be ${max} or less${whose}, not ${value}`;
  return undefined;
}

export function whole(range: Range = {}): Shape<number> {
  const exact = { min: range.min ?? Number.MIN_SAFE_INTEGER, max: range.max ?? Number.MAX_SAFE_INTEGER };
  return simple<number>("number", { type: "integer" }, (value) =>
    typeof value === "number" && Number.isInteger(value)
      ? outside(value, exact)
      : `must be a whole number, not ${show(value)}`,
  );
}

/** Of whole numbers beyond 2^53 JavaScript keeps another one nearby: which one was written, nobody knows any more. */
export function isInexact(value: unknown): value is number {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

export function beyondExact(value: number): string {
  return (
    `is beyond the whole numbers that JavaScript keeps exactly, up to ${Number.MAX_SAFE_INTEGER}, and may have become ` +
    `another one (${show(value)}): write it as a string, in quotes`
  );
}

export function number(range: Range = {}): Shape<number> {
  return simple<number>("number", { type: "number" }, (value) =>
    typeof value === "number" && Number.isFinite(value)
      ? outside(value, range)
      : `must be a number, not ${show(value)}`,
  );
}

/** The nearest of the known names, for "did you mean". */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const far = Math.max(2, Math.floor(name.length / 2));
  let best: string | undefined;
  let least = far + 1;
  for (const candidate of known) {
    const d = distance(name.toLowerCase(), candidate.toLowerCase());
    if (d < least) [best, least] = [candidate, d];
  }
  return best;
}

export function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near ? `; did you mean ${show(near)}?` : "";
}

export function oneOf<const T extends string>(...known: readonly T[]): Shape<T> {
  return simple<T>(known.map((name) => JSON.stringify(name)).join(" | "), STRING, (value) =>
    (known as readonly unknown[]).includes(value)
      ? undefined
      : `${show(value)} is not one of ${known.join(", ")}${
          typeof value === "string" ? suggestion(value, known) : ""
        }`,
  );
}

/** The type of text of which some values are known: editors complete them, and programs may hold others. */
export function openUnion(known: readonly string[]): string {
  return [...known.map((name) => JSON.stringify(name)), "(string & {})"].join(" | ");
}

/**
 * Text whose values have names of their own in other languages. Their programs may hold any text all the same, as the
 * generators of Pulumi know it: an enum beside a string.
 */
export function enumerated<T extends string>(shape: Shape<T>, values: NamedValues): Shape<T> {
  const named: SchemaType = { $ref: `#/types/milvus:index:${values.typeName}` };
  return { ...shape, values, schema: { oneOf: [STRING, named], type: "string" } };
}

/** Text of which some values are known; servers may know more. */
export function knownText(values: NamedValues): Shape<string> {
  const typeScript = (side: Side): string => (side === "input" ? values.typeName : "string");
  return { ...enumerated(string(), values), typeScript };
}

/** One scalar value of whatever kind: text, number or truth value. */
export function scalar(typeScript = "string | number | boolean"): Shape<string | number | boolean> {
  return simple(typeScript, ANYTHING, (value) => {
    if (!isScalar(value)) return `must be a string, a number, true or false, not ${kindOf(value)}`;
    return halfCharacter(value);
  });
}

function isScalar(value: unknown): boolean {
  return ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** Two JSON values are equal whatever the order of their keys. */
export function equalJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** The values of two objects are the same as strings, which is what Milvus keeps parameters as: "8" is 8. */
export function equalAsStrings(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  return equalJson(asStrings(a), asStrings(b));
}

/** As Milvus keeps the values of parameters. */
export function asStrings(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** An object of any content that JSON can carry. */
export function json(): Shape<Record<string, unknown>> {
  return simple<Record<string, unknown>>(
    "{ [key: string]: unknown }",
    { type: "object", additionalProperties: ANYTHING },
    (value) => (isObject(value) ? beyondJson(value) : `must be an object, not ${kindOf(value)}`),
    equalJson,
  );
}

/** Numbers that would arrive as null. */
function beyondJson(value: unknown): string | undefined {
  if (typeof value === "number" && !Number.isFinite(value)) return `must hold no ${value}: JSON has none`;
  if (typeof value !== "object" || value === null) return undefined;
  return Object.values(value)
    .map(beyondJson)
    .find((reason) => reason !== undefined);
}

/** Strings by name. Numbers and booleans are taken too and kept as the strings that Milvus stores. */
export function stringMap(): Shape<Record<string, string>> {
  return {
    check(value, path, report) {
      if (!isObject(value)) return report(path, `must be an object of strings, not ${kindOf(value)}`);
      for (const [key, inner] of Object.entries(value)) {
        if (isUnknown(inner)) continue;
        if (!isScalar(inner)) report(inside(path, key), `must be a string, not ${kindOf(inner)}`);
        else if (isInexact(inner)) report(inside(path, key), beyondExact(inner));
        else {
          const half = halfCharacter(key) ?? halfCharacter(inner);
          if (half !== undefined) report(inside(path, key), half);
        }
      }
    },
    equal: equalJson,
    normalize: (value) =>
      isObject(value)
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, String(inner)]))
        : value,
    typeScript: (side) =>
      side === "input"
        ? "{ [key: string]: pulumi.Input<string | number | boolean> }"
        : "{ [key: string]: string }",
    schema: { type: "object", additionalProperties: STRING },
    isMap: true,
  };
}

/** A list; with `keyedBy`, one whose order means nothing because its elements are told apart by that property. */
export function list<T>(of: Shape<T>, options: { keyedBy?: string; atLeast?: number } = {}): Shape<T[]> {
  const order = (values: T[]): unknown[] =>
    options.keyedBy === undefined
      ? values
      : [...values].sort((a, b) => (keyOf(a, options.keyedBy) < keyOf(b, options.keyedBy) ? -1 : 1));
  return {
    check(value, path, report) {
      if (!Array.isArray(value)) return report(path, `must be a list, not ${kindOf(value)}`);
      if (value.length < (options.atLeast ?? 0)) report(path, `needs at least ${options.atLeast}`);
      value.forEach((element, index) => {
        if (!isUnknown(element)) of.check(element, `${path}[${index}]`, report);
      });
    },
    equal: (a, b) => a.length === b.length && equalJson(order(a), order(b)),
    normalize: (values) => (Array.isArray(values) ? values.map((value) => of.normalize(value)) : values),
    typeScript: (side) =>
      side === "input" ? `pulumi.Input<${of.typeScript(side)}>[]` : `${parenthesized(of.typeScript(side))}[]`,
    schema: { type: "array", items: of.schema },
    record: of.record,
    keyedBy: options.keyedBy,
  };
}

/** Objects of one shape by names of the program's. */
export function mapOf<T>(of: Shape<T>): Shape<Record<string, T>> {
  return {
    check(value, path, report) {
      if (!isObject(value)) return report(path, `must be an object, not ${kindOf(value)}`);
      for (const [name, inner] of Object.entries(value))
        if (!isUnknown(inner)) of.check(inner, inside(path, name), report);
    },
    equal: equalJson,
    normalize: (values) =>
      isObject(values)
        ? Object.fromEntries(Object.entries(values).map(([name, value]) => [name, of.normalize(value)]))
        : values,
    typeScript: (side) => `{ [name: string]: ${of.typeScript(side)} }`,
    schema: { type: "object", additionalProperties: of.schema },
    record: of.record,
    each: of,
  };
}

/** True or false, or how. */
export function flagOr<T>(how: Shape<T>): Shape<boolean | T> {
  const isFlag = (value: unknown): value is boolean => typeof value === "boolean";
  return {
    check(value, path, report) {
      if (!isFlag(value)) how.check(value, path, report);
    },
    equal: equalJson,
    normalize: (value) => (isFlag(value) ? value : how.normalize(value)),
    typeScript: (side) => `boolean | ${how.typeScript(side)}`,
    schema: { oneOf: [{ type: "boolean" }, how.schema] },
    record: how.record,
  };
}

/**
 * Names whose order means nothing, each once. Kept as an object with the names as keys: the engine compares lists by
 * position, and would show every name behind one that goes as another one.
 */
export function nameSet(of: Shape<string>): Shape<readonly string[]> {
  return {
    check(value, path, report) {
      if (isKeptSet(value)) {
        for (const name of Object.keys(value)) of.check(name, inside(path, name), report);
        return;
      }
      if (!Array.isArray(value)) return report(path, `must be a list, not ${kindOf(value)}`);
      const seen = new Set<unknown>();
      value.forEach((name: unknown, index) => {
        if (isUnknown(name)) return;
        of.check(name, `${path}[${index}]`, report);
        if (seen.has(name)) report(`${path}[${index}]`, `${show(name)} is named twice`);
        seen.add(name);
      });
    },
    equal: (a, b) => equalJson(namesIn(a), namesIn(b)),
    normalize: (names) =>
      // None stay a list: an empty object of a program's is a mistake, and would look the same.
      (Array.isArray(names) && names.length > 0
        ? Object.fromEntries([...(names as string[])].sort().map((name) => [name, true]))
        : names) as unknown as readonly string[],
    difference(was, is) {
      const [before, after] = [new Set(namesIn(was)), new Set(namesIn(is))];
      const gone = [...before].filter((name) => !after.has(name));
      const come = [...after].filter((name) => !before.has(name));
      return [...gone.map((name) => `${name} is gone`), ...come.map((name) => `${name} is new`)].join(", ");
    },
    typeScript: (side) => (side === "input" ? "pulumi.Input<string>[]" : "string[]"),
    schema: { type: "array", items: of.schema },
    values: of.values,
    asList: namesIn,
  };
}

/** The normal form of a set of names: with `ignoreChanges` the engine sends it in place of what the program says. */
function isKeptSet(value: unknown): value is Record<string, true> {
  return (
    isObject(value) && Object.keys(value).length > 0 && Object.values(value).every((one) => one === true)
  );
}

/** The names of a set in either of its forms, sorted. Of one that is not known yet: one name that is not. */
export function namesIn(names: readonly string[] | Readonly<Record<string, unknown>> | undefined): string[] {
  if (isUnknown(names)) return [UNKNOWN];
  return (Array.isArray(names) ? [...(names as string[])] : Object.keys(names ?? {})).sort();
}

function keyOf(value: unknown, key: string | undefined): string {
  return isObject(value) && key !== undefined ? String(value[key]) : "";
}

function parenthesized(type: string): string {
  return type.includes("|") ? `(${type})` : type;
}

export interface RecordRules {
  readonly typeName: string;
  readonly doc: string;
  /** Whether properties beyond the declared ones are let through as they are. */
  readonly open?: boolean;
}

export function record<P extends Properties>(rules: RecordRules, properties: P): RecordShape<P> {
  const shape: RecordShape<P> = {
    typeName: rules.typeName,
    doc: rules.doc,
    open: rules.open ?? false,
    properties,
    check(value, path, report) {
      if (!isObject(value)) return report(path, `must be an object, not ${kindOf(value)}`);
      checkProperties(properties, value, report, { path, open: shape.open });
    },
    equal: equalJson,
    normalize: (value) => normalizeProperties(properties, value),
    typeScript: (side) => (side === "input" ? `${rules.typeName}Args` : rules.typeName),
    // What a schema has no word for: some properties of it known, and others let through.
    schema: rules.open
      ? { type: "object", additionalProperties: ANYTHING }
      : { $ref: `#/types/milvus:index:${rules.typeName}`, type: "object" },
    get record() {
      return shape as unknown as RecordShape<Properties>;
    },
  };
  return shape;
}

/** The records that values of these properties are, or hold, the innermost first. */
export function recordsIn(properties: Properties): RecordShape<Properties>[] {
  return Object.values(properties).flatMap(({ shape }) =>
    shape.record ? [...recordsIn(shape.record.properties), shape.record] : [],
  );
}

/** The named values that these properties, or records in them, are of. */
export function valuesIn(properties: Properties): NamedValues[] {
  const all = [properties, ...recordsIn(properties).map((one) => one.properties)];
  return all.flatMap((some) => Object.values(some).flatMap(({ shape }) => shape.values ?? []));
}

/** Checks an object of declared properties: no unknown ones, none missing that are required, each of its shape. */
export function checkProperties(
  properties: Properties,
  values: Record<string, unknown>,
  report: Report,
  options: { path?: string; open?: boolean } = {},
): void {
  const at = (name: string): string => inside(options.path ?? "", name);
  const known = [...new Set(Object.entries(properties).map(([name, { argument }]) => argument ?? name))];
  for (const name of Object.keys(values)) {
    if (Object.hasOwn(properties, name)) continue;
    if (!options.open)
      report(
        at(name),
        `there is no such input${suggestion(name, known) || "."} Known are ${known.join(", ")}`,
      );
    // Milvus keeps such parameters as strings, so that a whole number of any size can be one.
    const reason =
      options.open && (isInexact(values[name]) ? beyondExact(values[name]) : beyondJson(values[name]));
    if (reason) report(at(name), reason);
  }
  for (const [name, property] of Object.entries(properties)) {
    const value = values[name];
    if (value === undefined || value === null) {
      if (property.required) report(at(property.argument ?? name), "is required and missing");
    } else if (!isUnknown(value)) {
      property.shape.check(value, at(name), report);
    }
  }
}

/** The values as they are kept: nothing that was left out, each in the normal form of its shape. */
export function normalizeProperties<T>(properties: Properties, values: T): T {
  if (!isObject(values)) return values;
  const kept = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(
    kept.map(([name, value]) => {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return [name, property && !containsUnknown(value) ? property.shape.normalize(value) : value];
    }),
  ) as T;
}
