/** What the programs of examples call things. */
import { collectionBehindAlias } from "../../../components/collection-behind-alias";
import {
  type Example,
  type ExampleResource,
  Reference,
  SecretSetting,
  valuesOf,
} from "../../../core/example";
import type { Properties } from "../../../core/properties";
import { resourceOf } from "../../../registry";

export function camelCase(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

export function pascalCase(name: string): string {
  return camelCase(`_${name}`);
}

export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** What is declared of a resource, or of a component. */
export function inputsOf(kind: string): Properties {
  if (kind === collectionBehindAlias.kind) return collectionBehindAlias.inputs;
  return resourceOf(kind)?.inputs ?? {};
}

/** Names that others refer to, and that are variables therefore. */
export function referredTo(example: Example): ReadonlySet<string> {
  return new Set(
    example.flatMap(({ inputs, dependsOn = [] }) => [
      ...valuesOf(Reference, inputs).map(({ name }) => name),
      ...dependsOn,
    ]),
  );
}

export function settingsOf(example: readonly ExampleResource[]): ReadonlySet<string> {
  return new Set(example.flatMap(({ inputs }) => valuesOf(SecretSetting, inputs)).map(({ key }) => key));
}
