/**
 * How engines mark what is no plain value, on the wire and in states. Pulumi: sdk/go/common/resource/sig.
 */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

type Marked = Readonly<Record<string, unknown>>;

export function isSecret(value: unknown): boolean {
  return isMarked(value, SECRET);
}

export function isReference(value: unknown): boolean {
  return isMarked(value, RESOURCE);
}

/** A resource of the program that is given as a value. */
export function referenceTo(urn: string, id: string): Marked {
  return { [SIGNATURE]: RESOURCE, urn, id, packageVersion: "" };
}

function isMarked(value: unknown, mark: string): boolean {
  return typeof value === "object" && value !== null && (value as Marked)[SIGNATURE] === mark;
}
