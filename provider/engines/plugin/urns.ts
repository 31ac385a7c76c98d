/** The logical name of a resource: what is behind the stack, the project and the types. */
export function nameIn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
