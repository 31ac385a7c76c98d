/**
 * How an input is declared: once, with its shape, its doc and what a change of it does. The argument and output
 * types of the SDK, check and diff all come from these declarations.
 */
import { Decisions, type Deciding } from "./decisions";
import type { Shape } from "./shapes";

/**
 * What a change of an input does:
 * `replace` recreates the object, `update` changes it in place, `ignore` is no change of the object at all.
 */
export type Effect = "replace" | "update" | "ignore" | Refusal;

/**
 * The server cannot change it in place, and it is not worth what recreating the object would cost. Counts only when
 * nothing else recreates the object: then the new one has the new value, whatever the server could change.
 */
export interface Refusal {
  /** What cannot be, and why: "description: this server cannot change it in place (needs ...)". */
  readonly refuse: string;
  /** The way out, a sentence without its full stop. */
  readonly instead: string;
}

/** One input that differs between the state and the program. */
export interface Change<T> {
  /** Such as `description` or `fields["title"].maxLength`. */
  readonly path: string;
  /** The element that it is in, as the program wants it, for an input of an element of a list. */
  readonly element?: Readonly<Record<string, unknown>>;
  readonly old: T | undefined;
  readonly new: T | undefined;
  /** The new value comes from a resource that has yet to be made; `new` is missing then. */
  readonly unknown?: boolean;
  /** All of the object as the state has it and all that the program wants, for changes that depend on others. */
  readonly state: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What a change may ask before it decides: of the server, and of the run. */
export interface Judge extends Deciding {
  /** Whether the server knows a feature, by its name in the version table. */
  supports(feature: string): Promise<boolean>;
  /** Why it does not, for a message: "needs Milvus 2.5.12 or later, it is v2.4.23". */
  lacks(feature: string): Promise<string>;
  /** Tells the user, once in a run, what a change brings with it. */
  logOnce(line: string): void;
}

/** For a comparison alone: whether there is a difference does not hang on what the server could do about it, or a run. */
export const ANY_SERVER: Judge = {
  supports: () => Promise.resolve(true),
  lacks: () => Promise.resolve("is known to every server"),
  decisions: new Decisions(),
  logOnce: () => undefined,
};

export type Decision<T> = Effect | ((change: Change<T>, judge: Judge) => Effect | Promise<Effect>);

// A property is used with many value types at once, so the decision is typed where it is declared and kept loose.
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- variance: see the line above
export interface Property<T = any, Required extends boolean = boolean> {
  readonly shape: Shape<T>;
  /** Shown as hover text in editors; Markdown. */
  readonly doc: string;
  readonly required: Required;
  readonly change: Decision<T>;
  /** What Milvus does when the input is left out: a state with this value is no change. */
  readonly default?: T;
  /** Left out, the server chooses, and whatever it chose is no change. */
  readonly serverChooses?: boolean;
  /** The argument of a program that it comes from, when that is a resource and not this value itself. */
  readonly argument?: string;
  /** Stands in ids and messages, so it cannot be a secret. */
  readonly inId?: boolean;
  /**
   * A secret whatever the program says of it, which no server gives back: the SDK marks it, so that it is encrypted in
   * the state, nothing shows it, and the class has no output for it.
   */
  readonly secret?: boolean;
  /** Steers the provider only: not kept in the state of the resource, and no output. */
  readonly inputOnly?: boolean;
  /** Read by check alone, and not handed on to anything after it. */
  readonly checkOnly?: boolean;
}

export type Properties = Readonly<Record<string, Property>>;

/** Whether it stands inside a collection, which programs give it as a resource. */
export function isInCollection(inputs: Properties): boolean {
  return Object.values(inputs).some(({ argument }) => argument === "collection");
}

/** Optional to declare, and always there to read. */
const ALWAYS_GIVEN: readonly string[] = ["databaseName", "collectionId", "collectionName", "partitionId"];

/** Whether a resource always gives it back. */
export function isAlwaysGiven(name: string, { required, default: byDefault }: Property): boolean {
  return required || byDefault !== undefined || ALWAYS_GIVEN.includes(name);
}

/** Whether a program that leaves it out says the same. */
export function isDefault({ shape, default: byDefault }: Property<unknown>, value: unknown): boolean {
  return value === undefined || (byDefault !== undefined && shape.equal(value, byDefault));
}

/** Elements of a list without what a program says as well when it leaves it out. */
export function withoutDefaults({ shape }: Property<unknown>, value: unknown): unknown {
  if (!shape.record || !shape.keyedBy || !Array.isArray(value)) return value;
  const { properties } = shape.record;
  return (value as Readonly<Record<string, unknown>>[]).map((element) =>
    Object.fromEntries(
      Object.entries(element).filter(([name, inner]) => {
        const property = properties[name];
        return property === undefined || !isDefault(property, inner);
      }),
    ),
  );
}

type Declared<T> = Omit<Property<T>, "shape" | "required">;

export function required<T>(shape: Shape<T>, declared: Declared<T>): Property<T, true> {
  return { shape, required: true, ...declared };
}

export function optional<T>(shape: Shape<T>, declared: Declared<T>): Property<T, false> {
  return { shape, required: false, ...declared };
}

type RequiredNames<P extends Properties> = {
  [K in keyof P]: P[K] extends { readonly required: true } ? K : never;
}[keyof P];

type ValueOf<Q> = Q extends { readonly shape: Shape<infer T> } ? T : never;

/** The plain values of declared properties, as a resource gets them after check. */
export type ValuesOf<P extends Properties> = {
  [K in RequiredNames<P>]: ValueOf<P[K]>;
} & {
  [K in Exclude<keyof P, RequiredNames<P>>]?: ValueOf<P[K]>;
};
