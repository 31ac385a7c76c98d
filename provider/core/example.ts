/** Programs as data, to be printed in any language: the examples of resources. */

/** A resource of the program, or an output of one. */
export class Reference {
  constructor(
    readonly name: string,
    readonly output?: string,
  ) {}
}

/** A secret of stack config, by its key. */
export class SecretSetting {
  constructor(readonly key: string) {}
}

export type ExampleValue =
  | string
  | number
  | boolean
  | Reference
  | SecretSetting
  | readonly ExampleValue[]
  | { readonly [name: string]: ExampleValue };

export type ExampleInputs = Readonly<Record<string, ExampleValue>>;

export interface ExampleResource {
  /** Such as `Partition`. */
  readonly kind: string;
  /** The logical name, in snake case: variables are called like it. */
  readonly name: string;
  readonly inputs: ExampleInputs;
  /** Names of what it comes after. */
  readonly dependsOn?: readonly string[];
}

/** In the order in which they can be declared; the last one of its kind is what the example is about. */
export type Example = readonly ExampleResource[];

export function declare(
  kind: string,
  name: string,
  inputs: ExampleInputs = {},
  options: Pick<ExampleResource, "dependsOn"> = {},
): ExampleResource {
  return { kind, name, inputs, ...options };
}

export function the(name: string, output?: string): Reference {
  return new Reference(name, output);
}

export function secretSetting(key: string): SecretSetting {
  return new SecretSetting(key);
}

export function isList(value: ExampleValue): value is readonly ExampleValue[] {
  return Array.isArray(value);
}

/** Whether it has names and values of its own. */
export function isMap(value: ExampleValue): value is ExampleInputs {
  const isLeaf = value instanceof Reference || value instanceof SecretSetting || isList(value);
  return typeof value === "object" && !isLeaf;
}

/** All values in it that are of a class, at any depth. */
export function valuesOf<T extends Reference | SecretSetting>(
  one: new (...parts: never[]) => T,
  value: ExampleValue,
): T[] {
  if (value instanceof one) return [value];
  if (isList(value)) return value.flatMap((inner) => valuesOf(one, inner));
  return isMap(value) ? Object.values(value).flatMap((inner) => valuesOf(one, inner)) : [];
}
