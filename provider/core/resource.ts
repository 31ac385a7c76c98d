/** What an object has to say of itself so that an engine can manage it. One file under resources/ says it. */
import type { Judge, Properties } from "./properties";
import type { Report } from "./shapes";

/** Called by what is renamed in place when another object has the wanted name; whether that has become free. */
export type WhenTaken = () => Promise<boolean>;

export interface Resource<Server extends Judge, Inputs extends object, State extends object> {
  /** The type's name in programs and in `milvus:Partition`. */
  readonly kind: string;
  /** Hover text of the class; Markdown. */
  readonly doc: string;
  readonly inputs: Properties;
  /** What the resource gives back beyond its inputs. */
  readonly outputs: Properties;
  /** The input that names the object; left out, it is the logical name of the resource. None: it has no name. */
  readonly nameInput?: string & keyof Inputs;
  /** It stands in a collection, and is not dropped with it: it needs a drop of its own, before. */
  readonly outlivesCollection?: true;

  /**
   * Rules between inputs. Those that are wrong in themselves or not known yet are missing; `isOpen` tells them from those
   * that were left out.
   */
  check?(inputs: Partial<Inputs>, report: Report, isOpen: (input: string) => boolean): void;

  /** What the checks of its children go by, as far as it is known. Only a collection has them. */
  declaredForChildren?(inputs: Inputs): Readonly<Record<string, unknown>> | undefined;

  /** How messages call the object: `partition y2024 of collection documents`. */
  describe(values: Partial<Inputs & State>): string;
  id(state: State): string;
  /** The names in an id that a program gave to `get`. */
  fromId(id: string, server: Server): Partial<State>;
  /** Whether both stand under the same name on the server, so that the old one has to go before the new one comes. */
  sameName(old: State, inputs: Inputs): boolean;
  /** The input because of which the object is recreated although it is declared as before: what it stands in goes. */
  goesBecauseOf?(old: State): (string & keyof Inputs) | undefined;
  /**
   * Whether something else that this run did has left the object other than it was, although it is declared as
   * before. Asked in diff when nothing else differs.
   */
  strayed?(server: Server, old: State, wanted: Inputs): Promise<boolean>;
  /**
   * Called with every diff, also of a resource that the program no longer has: before what it depends on is replaced,
   * the engine asks all dependents whether they have to go as well.
   */
  compared?(old: State): void;
  /** Called when a diff was decided, so that dependents in the same run can ask what becomes of this object. */
  decided?(old: State, decision: "replace" | "update" | "none", wanted: Inputs): void;
  /** The object as this run leaves it when it changes what the object stands in. */
  followed?(state: State): State;

  /** For a resource that is many objects: each of them, as reports tell it. */
  parts?(values: Partial<Inputs & State>): readonly Part[];
  /** The state with just those parts. */
  onlyParts?(state: State, ids: ReadonlySet<string>): State;

  /**
   * Throws when the server cannot make what is wanted. Asked before the object is replaced: the old one may go first,
   * and would be lost for nothing.
   */
  demands?(server: Server, wanted: Inputs): Promise<void>;

  /**
   * What dropping the object would lose; nothing when it is empty, gone, or goes with something that counts it.
   * `prove` may write out what the server has in memory only, which a preview must not.
   */
  losses?(server: Server, state: State, prove: boolean): Promise<readonly DataLoss[]>;

  /** Whether the program asks of this object alone what the setting protectData asks of all. */
  protectsData?(state: State): boolean;

  /** What changing the object in place would lose; nothing where it is left out. */
  lossesOfUpdate?(server: Server, old: State, wanted: Inputs, prove: boolean): Promise<readonly DataLoss[]>;

  /** What stops working when an object goes that holds no data itself, for the report on a preview. */
  outage?(state: State): string;

  /** All objects of this kind in a database, as far as a program could declare them and no other kind lists them. */
  list(server: Server, databaseName: string): Promise<State[]>;

  /** The object as the server has it, or nothing when the server says that there is none. */
  read(server: Server, state: Partial<State>): Promise<State | undefined>;
  create(server: Server, inputs: Inputs, whenTaken?: WhenTaken): Promise<State>;
  update(server: Server, old: State, inputs: Inputs, whenTaken?: WhenTaken): Promise<State>;
  delete(server: Server, state: State): Promise<void>;
}

/** One object of a resource that is many. */
export interface Part {
  /** The kind that it would have as a resource of its own. */
  readonly kind: string;
  readonly id: string;
  /** As messages name it. */
  readonly object: string;
  readonly state: Readonly<Record<string, unknown>>;
}

export interface DataLoss {
  /** As acknowledgements name the object. */
  readonly id: string;
  /** As messages name it: `partition y2024 of collection documents`. */
  readonly object: string;
  /** Such as "300 entities". */
  readonly held: string;
  /** Whether it is certain that there is something to lose. */
  readonly certain: boolean;
}

/** The object exists, but is not all that was asked for yet; the next update goes on from `state`. */
export class Unfinished<State extends object> extends Error {
  override readonly name = "Unfinished";
  constructor(
    readonly state: State,
    reason: string,
  ) {
    super(reason);
  }
}
