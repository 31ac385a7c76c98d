/** What the edits of all objects have in common. */
import type { DeclaredCollection } from "./collection";
import type { AnyDeclared, Program } from "./program";

export interface Surroundings {
  /** Ends the name of everything that stands in no collection. */
  readonly suffix: string;
  /** Names that objects of the stack have on the server, wherever they come from. */
  readonly namesInUse: ReadonlySet<string>;
}

export interface Editing extends Surroundings {
  readonly program: Program;
  readonly before: Program;
  /** Keys of what must not change any more in this version. */
  readonly touched: Set<number>;
}

/**
 * Leads to the next version. One that does not fit the program it meets does nothing, so that every sequence of edits is
 * a sequence of programs that Milvus 2.3.5 can follow, and any part of one is one too, which shrinking needs.
 * @param at Which of the objects that it fits, counted round.
 * @param form Which of its forms, counted round.
 */
export type Change = (editing: Editing, at: number, form: number) => void;

/** By what they are called, with how often each is drawn beside the others. */
export type Edits = Readonly<Record<string, readonly [times: number, change: Change]>>;

/** Those that may still change. */
export function free<T extends AnyDeclared>({ touched }: Editing, some: readonly T[]): T[] {
  return some.filter(({ key }) => !touched.has(key));
}

export function freeCollections(editing: Editing): DeclaredCollection[] {
  return free(editing, editing.program.collections);
}

export function on<T>(all: readonly T[], at: number, change: (one: T) => unknown): void {
  const one = all[at % all.length];
  if (one !== undefined) change(one);
}

export function pick<T>(all: readonly T[], at: number): T {
  return all[at % all.length] as T;
}

export function remove<T>(all: T[], one: T): void {
  all.splice(all.indexOf(one), 1);
}

/** As it was in the version before; nothing of what is new. */
export function isAsBefore<T extends AnyDeclared>(all: readonly T[], one: T): boolean {
  const old = all.find(({ key }) => key === one.key);
  return old !== undefined && JSON.stringify({ ...old, alias: undefined }) === JSON.stringify(one);
}
