/**
 * What Pulumi's engine does with a program and a state, as far as this package meets it: checks and diffs, replaces
 * with the dependents that a replacement takes along, deletes last and in reverse order, leaves out what goes with its
 * parent, stops starting steps at the first error, and keeps the state after every step. Each run has a provider
 * process of its own. It is many times faster than the real engine, which runs a sample of the same cases.
 */
import { type AnyResource, resources } from "../../../provider/registry";
import { ProviderError, type ProviderProcess, type ResourceName, type Values } from "./provider-process";

/** A resource of a program. */
export interface Declared {
  readonly name: string;
  readonly resource: ResourceName;
  readonly args: Values;
  /** The Collection it is given, by its name in the program. */
  readonly collection?: string;
  /** What else it depends on, by names in the program. */
  readonly after?: readonly string[];
}

/** What a resource depends on stands before it. */
export type Program = readonly Declared[];

interface Entry extends Omit<Declared, "args"> {
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
  /** Replaced already by one with another name on the server. */
  readonly toDelete?: boolean;
}

/** What the engine keeps between runs. */
export class StackState {
  entries: Entry[] = [];

  find(name: string): Entry | undefined {
    return this.entries.find((entry) => entry.name === name && !entry.toDelete);
  }

  /** As the file would be read after the engine was killed right now. */
  copy(): StackState {
    const copy = new StackState();
    copy.entries = [...this.entries];
    return copy;
  }
}

interface Diff {
  readonly changes: boolean;
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** The engine's mark for what is not known yet. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const handler = (resource: ResourceName): string =>
  `exports.handler = () => require("pulumi-milvus/provider").${resource};`;

/** One `pulumi up`. Returns what went wrong, nothing when all went well. */
export async function up(program: Program, state: StackState, provider: ProviderProcess): Promise<string[]> {
  return new Run(program, state, provider).all();
}

/** One `pulumi refresh`: what is there, and what is gone. */
export async function refresh(state: StackState, provider: ProviderProcess): Promise<void> {
  const read = async (entry: Entry): Promise<Entry[]> => {
    const found = provider.call<{ id?: string; props?: Values }>(
      entry.resource,
      "read",
      entry.id,
      entry.outputs,
    );
    const { id, props = {} } = await found;
    return id === undefined ? [] : [{ ...entry, outputs: props }];
  };
  state.entries = (await Promise.all(state.entries.map(read))).flat();
}

class Run {
  private readonly errors: string[] = [];

  constructor(
    private readonly program: Program,
    private readonly state: StackState,
    private readonly provider: ProviderProcess,
  ) {}

  async all(): Promise<string[]> {
    const registered = new Map<string, Promise<boolean>>();
    for (const declared of this.program) {
      const needed = requiredBy(declared).map((name) => registered.get(name) ?? Promise.resolve(false));
      registered.set(declared.name, this.registerAfter(declared, needed));
    }
    await Promise.all(registered.values());
    if (this.errors.length === 0) await this.deleteTheRest();
    return this.errors;
  }

  private async registerAfter(declared: Declared, needed: readonly Promise<boolean>[]): Promise<boolean> {
    if ((await Promise.all(needed)).includes(false)) return false;
    return this.step(declared.name, () => this.register(declared));
  }

  /** False when it failed, or when something else had failed before. */
  private async step(name: string, run: () => Promise<void>): Promise<boolean> {
    if (this.errors.length > 0) return false;
    try {
      await run();
      return true;
    } catch (error) {
      this.errors.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  private async register(declared: Declared): Promise<void> {
    const old = this.state.find(declared.name);
    const inputs = await this.check(declared, old?.inputs ?? {});
    if (!old) return this.create(declared, inputs);
    const diff = await this.diff(old, inputs);
    const known = { ...old, ...withoutArgs(declared) };
    if (diff.replaces.length > 0) await this.replace(declared, old, await this.check(declared, {}), diff);
    else if (diff.changes) await this.update(known, inputs);
    // What it depends on may be another even so: a refresh may have found it as it is to be.
    else this.put({ ...known, inputs });
  }

  /** Of a replacement once more, without the old inputs. */
  private async check(declared: Declared, olds: Values): Promise<Values> {
    const { inputs, failures } = await this.provider.call<{
      readonly inputs: Values;
      readonly failures: readonly { readonly reason: string }[];
    }>(declared.resource, "check", olds, this.inputsOf(declared));
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    return inputs;
  }

  private inputsOf({ name, resource, args, collection }: Declared): Values {
    const parent = collection === undefined ? undefined : this.state.find(collection);
    return {
      ...args,
      ...(parent && {
        collectionName: parent.outputs["collectionName"],
        collectionId: parent.outputs["collectionId"],
      }),
      logicalName: name,
      __provider: handler(resource),
    };
  }

  private diff({ resource, id, outputs }: Entry, inputs: Values): Promise<Diff> {
    return this.provider.call(resource, "diff", id, outputs, inputs);
  }

  private async create(declared: Declared, inputs: Values): Promise<void> {
    const known = withoutArgs(declared);
    await this.keepingUnfinished(
      async () => {
        const call = this.provider.call<{ id: string; outs: Values }>(declared.resource, "create", inputs);
        const { id, outs } = await call;
        return { ...known, id, inputs, outputs: outs };
      },
      { ...known, id: "", inputs, outputs: {} },
    );
  }

  private async update(old: Entry, inputs: Values): Promise<void> {
    await this.keepingUnfinished(
      async () => {
        const args = [old.id, old.outputs, inputs];
        const { outs } = await this.provider.call<{ outs: Values }>(old.resource, "update", ...args);
        return { ...old, inputs, outputs: outs };
      },
      { ...old, inputs },
    );
  }

  /** What exists and is not finished is kept as the error says it is. */
  private async keepingUnfinished(call: () => Promise<Entry>, entry: Entry): Promise<void> {
    try {
      this.put(await call());
    } catch (error) {
      const unfinished = error instanceof ProviderError ? error.unfinished : undefined;
      if (unfinished) this.put({ ...entry, id: unfinished.id, outputs: unfinished.properties });
      throw error;
    }
  }

  private put(entry: Entry): void {
    const others = this.state.entries.filter(({ name, toDelete }) => name !== entry.name || toDelete);
    this.state.entries = [...others, entry];
  }

  private remove(entry: Entry): void {
    this.state.entries = this.state.entries.filter((one) => one !== entry);
  }

  private async replace(declared: Declared, old: Entry, inputs: Values, diff: Diff): Promise<void> {
    if (!diff.deleteBeforeReplace) {
      this.remove(old);
      this.state.entries = [...this.state.entries, { ...old, toDelete: true }];
      return this.create(declared, inputs);
    }
    for (const child of await this.childrenToReplace(old)) await this.delete(child);
    await this.delete(old);
    await this.create(declared, inputs);
  }

  /** Dependents that cannot stay once what they get of the collection is another. */
  private async childrenToReplace(parent: Entry): Promise<Entry[]> {
    const children = this.state.entries.filter(({ collection }) => collection === parent.name);
    const diffs = await Promise.all(
      children.map((child) =>
        this.diff(child, { ...child.inputs, collectionName: UNKNOWN, collectionId: UNKNOWN }),
      ),
    );
    return children.filter((_, index) => (diffs[index]?.replaces.length ?? 0) > 0);
  }

  private async delete(entry: Entry): Promise<void> {
    await this.provider.call(entry.resource, "delete", entry.id, entry.outputs);
    this.remove(entry);
  }

  /** What depends on it goes first; what goes with its collection is only forgotten. */
  private async deleteTheRest(): Promise<void> {
    const declared = new Set(this.program.map(({ name }) => name));
    const going = this.state.entries.filter(({ name, toDelete }) => toDelete || !declared.has(name));
    const deleted = new Map<Entry, Promise<boolean>>();
    const once = (entry: Entry): Promise<boolean> => {
      const known = deleted.get(entry) ?? this.deleteAfter(entry, dependents(entry).map(once), going);
      deleted.set(entry, known);
      return known;
    };
    const dependents = ({ name }: Entry): Entry[] => going.filter((one) => requiredBy(one).includes(name));
    await Promise.all(going.map(once));
  }

  private async deleteAfter(
    entry: Entry,
    dependents: readonly Promise<boolean>[],
    going: readonly Entry[],
  ): Promise<boolean> {
    if ((await Promise.all(dependents)).includes(false)) return false;
    const goesWithCollection =
      going.some(({ name }) => name === entry.collection) &&
      !(resources[entry.resource] as Pick<AnyResource, "outlivesCollection">).outlivesCollection;
    return this.step(entry.name, () =>
      goesWithCollection ? Promise.resolve(this.remove(entry)) : this.delete(entry),
    );
  }
}

function withoutArgs({ args: _, ...known }: Declared): Omit<Declared, "args"> {
  return known;
}

function requiredBy({ collection, after = [] }: Pick<Declared, "collection" | "after">): readonly string[] {
  return collection === undefined ? after : [collection, ...after];
}
