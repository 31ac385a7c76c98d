/**
 * What of a schema breaks programs that were written for an older one. What is added, and what takes more than before,
 * does not.
 */

interface TypeSpec {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: TypeSpec;
  readonly additionalProperties?: TypeSpec;
  readonly oneOf?: readonly TypeSpec[];
}

interface PropertySpec extends TypeSpec {
  readonly secret?: boolean;
  readonly willReplaceOnChanges?: boolean;
}

type PropertySpecs = Readonly<Record<string, PropertySpec>>;

interface ObjectSpec {
  readonly properties?: PropertySpecs;
  readonly required?: readonly string[];
}

interface ResourceSpec extends ObjectSpec {
  readonly inputProperties?: PropertySpecs;
  readonly requiredInputs?: readonly string[];
}

interface FunctionSpec {
  readonly inputs?: ObjectSpec;
  readonly outputs?: ObjectSpec;
}

export interface Schema {
  readonly types?: Readonly<Record<string, ObjectSpec & { readonly enum?: Values }>>;
  readonly provider?: ResourceSpec;
  readonly resources?: Readonly<Record<string, ResourceSpec>>;
  readonly functions?: Readonly<Record<string, FunctionSpec>>;
}

/** For people, each with its place. */
export function breakingChanges(old: Schema, wanted: Schema): string[] {
  return [
    ...resourceChanges("provider", old.provider, wanted.provider),
    ...both(old.resources, wanted.resources, "", resourceChanges),
    ...both(old.functions, wanted.functions, "", (name, before, after) => [
      ...inputChanges(name, before.inputs, after.inputs),
      ...outputChanges(name, before.outputs, after.outputs),
    ]),
    ...both(old.types, wanted.types, "", (name, before, after) => [
      ...inputChanges(name, before, after),
      ...goneValues(name, before.enum, after.enum),
    ]),
  ];
}

function resourceChanges(name: string, old: ResourceSpec = {}, wanted: ResourceSpec = {}): string[] {
  const inputsOf = (one: ResourceSpec): ObjectSpec => ({
    properties: one.inputProperties,
    required: one.requiredInputs,
  });
  return [...inputChanges(name, inputsOf(old), inputsOf(wanted)), ...outputChanges(name, old, wanted)];
}

function inputChanges(name: string, old: ObjectSpec = {}, wanted: ObjectSpec = {}): string[] {
  const required = (wanted.required ?? []).filter((one) => !old.required?.includes(one));
  return [
    ...both(old.properties, wanted.properties, `${name}: input `, (input, before, after) => [
      ...(takes(after, before) ? [] : [`${input} takes another type`]),
      ...(after.willReplaceOnChanges && !before.willReplaceOnChanges
        ? [`${input} replaces when it changes`]
        : []),
    ]),
    ...required.map((one) => `${name}: input ${one} is required`),
  ];
}

function outputChanges(name: string, old: ObjectSpec = {}, wanted: ObjectSpec = {}): string[] {
  const optional = (old.required ?? []).filter((one) => !wanted.required?.includes(one));
  return [
    ...both(old.properties, wanted.properties, `${name}: output `, (output, before, after) =>
      takes(before, after) ? [] : [`${output} has another type`],
    ),
    ...optional.map((one) => `${name}: output ${one} may be missing`),
  ];
}

type Values = readonly { readonly value: unknown }[];

function goneValues(name: string, old: Values = [], wanted: Values = []): string[] {
  const gone = old.filter(({ value }) => wanted.every((one) => one.value !== value));
  return gone.map(({ value }) => `${name}: value ${String(value)} is gone`);
}

/** Each that both have, compared, and those that are gone. `place` goes before their names. */
function both<Spec>(
  old: Readonly<Record<string, Spec>> = {},
  wanted: Readonly<Record<string, Spec>> = {},
  place: string,
  compared: (name: string, old: Spec, wanted: Spec) => string[],
): string[] {
  return Object.entries(old).flatMap(([name, before]) => {
    const after = Object.hasOwn(wanted, name) ? wanted[name] : undefined;
    return after === undefined ? [`${place}${name} is gone`] : compared(`${place}${name}`, before, after);
  });
}

/** Whether whatever is of the other type is of this one. */
function takes(wide: TypeSpec, narrow: TypeSpec): boolean {
  if (narrow.oneOf) return narrow.oneOf.every((one) => takes(wide, one));
  if (wide.oneOf) return wide.oneOf.some((one) => takes(one, narrow));
  if (wide.$ref === ANY) return true;
  if (wide.$ref !== narrow.$ref || wide.type !== narrow.type) return false;
  return (
    takesInside(wide.items, narrow.items) &&
    takesInside(wide.additionalProperties, narrow.additionalProperties)
  );
}

function takesInside(wide: TypeSpec | undefined, narrow: TypeSpec | undefined): boolean {
  return wide === undefined || (narrow !== undefined && takes(wide, narrow));
}

const ANY = "pulumi.json#/Any";
