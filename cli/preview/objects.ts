/** How a report calls an object, also one of which the preview does not know the names. */
import { isUnknown, KNOWN_AFTER_UP, UNKNOWN } from "../../provider/core/unknown";
import { type AnyResource, resourceOf } from "../../provider/registry";
import type { PlannedChange } from "./plan";

type Values = Readonly<Record<string, unknown>>;
type Named = Pick<PlannedChange, "kind" | "name" | "old" | "wanted">;

/** `collection documents`, `partition y2023 of collection documents`. */
export function objectOf({ kind, name, old, wanted }: Named): string {
  const resource = resourceOf(kind);
  return resource ? resource.describe(withNames(resource, { ...wanted, ...old }, name)) : `${kind} ${name}`;
}

/** With words in place of names that are not known, or are no texts. */
function withNames({ inputs, nameInput }: AnyResource, values: Values, logicalName: string): Values {
  const named = Object.entries(inputs).flatMap(([input, property]) => {
    const value = values[input];
    const isName = input === nameInput;
    if (isUnknown(value))
      return [[input, isName ? `${logicalName} (name ${KNOWN_AFTER_UP})` : `(${KNOWN_AFTER_UP})`]];
    if (value === undefined || value === null) {
      if (isName) return [[input, logicalName]];
      return property.required || input === "databaseName" ? [[input, "(not known)"]] : [];
    }
    return [[input, typeof value === "object" ? "(not shown)" : value]];
  });
  return Object.fromEntries(named) as Values;
}

/** A text that may quote what the engine sent. */
export function withoutUnknown(text: string): string {
  return text.replaceAll(UNKNOWN, `(${KNOWN_AFTER_UP})`);
}
