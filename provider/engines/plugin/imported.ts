/** The inputs that a program would have for what a server has: for import, and after a refresh. */
import { isDefault, isInCollection, type Properties, withoutDefaults } from "../../core/properties";
import { withoutNames } from "./collections";
import type { Values } from "./values";

interface Importable {
  readonly inputs: Properties;
}

/**
 * What the program said before stays as it said it, with what has become of it; without it (an import) all that is not as
 * if it were left out.
 */
export function inputsOf({ inputs }: Importable, state: Values, before: Values): Values {
  const isImport = Object.keys(before).length === 0;
  const own = Object.entries(inputs).flatMap(([name, property]): [string, unknown][] => {
    const value = state[name];
    const isSaid = Object.hasOwn(before, name);
    if (property.inputOnly || property.secret || value === undefined)
      return isSaid ? [[name, before[name]]] : [];
    if (!isSaid && isDefault(property, value)) return [];
    if (isImport) return [[name, withoutDefaults(property, value)]];
    // What the server chose is no wish of a program's.
    return isSaid || property.default !== undefined ? [[name, value]] : [];
  });
  const collection = isInCollection(inputs) && {
    collection: before["collection"] ?? state["collectionName"],
  };
  return { ...withoutNames(inputs, Object.fromEntries(own)), ...collection };
}
