/** How what stands in a collection is given it. */
import type { DeclaredCollection } from "./collection";
import { databaseNameOf } from "./database";
import { type Edits, free, on, pick } from "./editing";
import { type AnyDeclared, contentsOf } from "./program";
import { Code, outputOf, type Statement, statement, variableOf } from "./text";

export type Reference = "resource" | "output" | "text";

export interface InCollection extends AnyDeclared {
  reference: Reference;
}

export const REFERENCES: readonly Reference[] = ["resource", "resource", "output", "text"];

export const inCollectionEdits: Edits = {
  "change reference": [
    3,
    (editing, at, form) =>
      on(free(editing, editing.program.collections.flatMap(contentsOf)), at + 12 * form, (one) => {
        one.reference = pick(REFERENCES, form);
      }),
  ],
};

/** A name that is left out cannot be written down. */
export function referenceOf(of: DeclaredCollection, { reference }: { reference: Reference }): Reference {
  return reference === "text" && of.collectionName === undefined ? "output" : reference;
}

/** What a collection that is only named holds is taken over on demand alone, also when somebody else put it there. */
export function adoptIn(of: DeclaredCollection, one: InCollection): true | undefined {
  return referenceOf(of, one) === "resource" ? undefined : true;
}

export function statementIn(
  of: DeclaredCollection,
  one: InCollection,
  args: object,
  needs: readonly number[] = [],
): Statement {
  const { key, database, collectionName } = of;
  const reference = referenceOf(of, one);
  const collection = {
    resource: new Code(variableOf("Collection", key)),
    output: outputOf("Collection", key, "collectionName"),
    text: collectionName,
  }[reference];
  // A name says nothing of where it is.
  const databaseName = reference === "resource" ? undefined : databaseNameOf(database);
  const usesDatabase = databaseName !== undefined && database !== undefined;
  return statement(
    one,
    { collection, databaseName, ...args },
    [key, ...(usesDatabase ? [database] : []), ...needs],
    reference === "text" ? { dependsOn: variableOf("Collection", key) } : {},
  );
}
