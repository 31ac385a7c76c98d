/** Which cells the matrix of languages, kinds and operations has: `live/language-matrix` runs them, and docs/matrix.md shows them. */
import { EFFECTS, type Kind, KINDS } from "./kinds";

export const LANGUAGES = [
  "TypeScript, dynamic resources",
  "TypeScript, plugin",
  "Python",
  "Go",
  "YAML",
] as const;
export type Language = (typeof LANGUAGES)[number];

/** In the order in which they are run. */
export const OPERATIONS = [
  "create",
  "no change",
  "refresh",
  "change",
  "import",
  "remove",
  "destroy",
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** The fake of a newer server has everything; a real one has what it has. */
export const PLACES = ["the fake Milvus 3.0.4", "Milvus 2.3.5"] as const;
export type Place = (typeof PLACES)[number];

export interface Cell {
  readonly place: Place;
  readonly language: Language;
  readonly operation: Operation;
  readonly kind: Kind;
}

const FOUND_ON_ALL: readonly Operation[] = ["create", "no change", "refresh", "destroy"];

/** Why there is no such test; nothing where it runs. */
export function reasonAgainst({ place, language, operation, kind }: Cell): string | undefined {
  if (operation === "import" && language === "TypeScript, dynamic resources")
    return "Pulumi's dynamic providers have no import";
  if (place === "the fake Milvus 3.0.4") return undefined;
  if (language.startsWith("TypeScript"))
    return "live/every-kind and the other tests run programs for Node there";
  if (kind === "privilegeGroup") return "Milvus has privilege groups from 2.5 on";
  return FOUND_ON_ALL.includes(operation)
    ? undefined
    : "replicas and groups need more query nodes than it has, and changes of descriptions a newer version";
}

/** What a cell of the page says. */
export function shown(language: Language, operation: Operation, kind: Kind): string {
  const ran = PLACES.filter((place) => reasonAgainst({ place, language, operation, kind }) === undefined);
  if (ran.length === 0) return "–";
  const how = operation === "change" ? (EFFECTS[kind] === "updated" ? "in place " : "replaced ") : "";
  return how + (ran.includes("Milvus 2.3.5") ? "●" : "○");
}

/** By language, each row of the kinds. */
export function rowsOf(language: Language): (readonly string[])[] {
  return KINDS.map((kind) => OPERATIONS.map((operation) => shown(language, operation, kind)));
}
