/** What an object has to say of itself so that an engine can manage it. One file under resources/ says it. */
import type { Decided, Deciding } from "./decisions";
import type { Example } from "./example";
import type { Judge, Properties } from "./properties";
import type { Report } from "./shapes";

/** What it is: its inputs, its names, and how messages call it. */
export interface Identity<Server, Inputs extends object, State extends object> {
  /** The type's name in programs and in `milvus:Partition`. */
  readonly kind: string;
  /** Hover text of the class; Markdown. */
  readonly doc: string;
  /** A program that declares one, for its page and the schema; the last one of this kind in it is meant. */
  readonly example: Example;
  readonly inputs: Properties;
  /** What the resource gives back beyond its inputs. */
  readonly outputs: Properties;
  /** The input that names the object; left out, it is the logical name of the resource. None: it has no name. */
  readonly nameInput?: string & keyof Inputs;

  /**
   * Rules between inputs. Those that are wrong in themselves or not known yet are missing; `isOpen` tells them from those
   * that were left out. `warn` takes what looks odd and is done all the same.
   */
  check?(inputs: Partial<Inputs>, report: Report, isOpen: (input: string) => boolean, warn: Report): void;

  /** How messages call the object: `partition y2024 of collection documents`. */
  describe(values: Partial<Inputs & State>): string;
  id(state: State): string;
  /** The names in an id that a program gave to `get`. */
  fromId(id: string, server: Server): Partial<State>;
  /** Whether both stand under the same name on the server, so that the old one has to go before the new one comes. */
  sameName(old: State, inputs: Inputs, run: Deciding): boolean;
}

/** What is asked of the server for it. */
export interface Operations<Server, Inputs extends object, State extends object> {
  /** The object as the server has it, or nothing when the server says that there is none. */
  read(server: Server, state: Partial<State>): Promise<State | undefined>;
  create(server: Server, inputs: Inputs): Promise<State>;
  /**
   * Brings about what the program has otherwise than the state, and nothing else: what somebody changed by hand stays, and
   * the state says of it what it said before, until a refresh.
   */
  update(server: Server, old: State, inputs: Inputs): Promise<State>;
  delete(server: Server, state: State): Promise<void>;

  /** The error of a create that failed; an Unfinished one where the state has to keep something of it all the same. */
  failedCreate?(server: Server, inputs: Inputs, error: Error): Error;

  /**
   * Throws when the server cannot make what is wanted. Asked before the object is replaced: the old one may go first,
   * and would be lost for nothing.
   */
  demands?(server: Server, wanted: Inputs): Promise<void>;
}

/** What a create finds in its place. */
export interface Adopting<Server, Inputs extends object> {
  /**
   * What stands already where the object is to be made; nothing where nothing does. Only reads: what holds data is counted
   * and not proven, as a preview must not write out what the server has in memory.
   */
  standing?(server: Server, wanted: Inputs): Promise<Standing | undefined>;
}

/** That a program could declare what a server has. */
export interface Listed<Server, State extends object> {
  /** All objects of this kind in a database, as far as a program could declare them and no other kind lists them. */
  list(server: Server, databaseName: string): Promise<State[]>;
}

/** What its going costs. */
export interface DataAtRisk<Server, Inputs extends object, State extends object> {
  /**
   * What dropping the object would lose; nothing when it is empty, gone, or goes with something that counts it.
   * `prove` may write out what the server has in memory only, which a preview must not.
   */
  losses?(server: Server, state: State, prove: boolean): Promise<readonly DataLoss[]>;

  /** What changing the object in place would lose; nothing where it is left out. */
  lossesOfUpdate?(server: Server, old: State, wanted: Inputs, prove: boolean): Promise<readonly DataLoss[]>;

  /** What others would find less of once it is changed so, which the program does not allow, as far as that is certain. */
  servesLess?(server: Server, old: State, wanted: Inputs): Promise<ServedLess | undefined>;

  /** Whether the program asks of this object alone what the setting protectData asks of all. */
  protectsData?(state: State): boolean;

  /** What stops working when an object goes that holds no data itself, for the report on a preview. */
  outage?(state: State): string;
}

/** A resource that is many objects. */
export interface ManyInOne<Inputs extends object, State extends object> {
  /** Each of them, as reports tell it. */
  parts?(values: Partial<Inputs & State>): readonly Part[];
  /** The state with just those parts. */
  onlyParts?(state: State, ids: ReadonlySet<string>): State;
}

/** What depends on another object of the same run, or others depend on. */
export interface Dependent<Run extends Deciding, Server, Inputs extends object, State extends object> {
  /** It stands in a collection, and is not dropped with it: it needs a drop of its own, before. */
  readonly outlivesCollection?: true;

  /** What the checks of its children go by, as far as it is known. Only a collection has them. */
  declaredForChildren?(inputs: Inputs): Readonly<Record<string, unknown>> | undefined;

  /** The input because of which the object is recreated although it is declared as before: what it stands in goes. */
  replacedWith?(run: Deciding, old: State): (string & keyof Inputs) | undefined;

  /** The object under the name that it has after this run has renamed what it stands in. */
  renamed?(run: Deciding, state: State): State;

  /**
   * Whether something else that this run did has left the object other than it was, although it is declared as
   * before. Asked in diff when nothing else differs.
   */
  isLeftOtherwise?(server: Server, old: State, wanted: Inputs): Promise<boolean>;

  /**
   * Called with every diff, also of a resource that the program no longer has: before what it depends on is replaced,
   * the engine asks all dependents whether they have to go as well.
   */
  onCompared?(run: Run, old: State): void;

  /** Called when a diff was decided, so that dependents in the same run can ask what becomes of this object. */
  onDecided?(run: Run, old: State, decision: Decided, wanted: Inputs): void;
}

export interface Resource<Server extends Judge & HasRun, Inputs extends object, State extends object>
  extends
    Identity<Server, Inputs, State>,
    Operations<Server, Inputs, State>,
    Adopting<Server, Inputs>,
    Listed<Server, State>,
    DataAtRisk<Server, Inputs, State>,
    ManyInOne<Inputs, State>,
    Dependent<Server["run"], Server, Inputs, State> {}

/** The server as an operation gets it knows of which run the operation is. */
interface HasRun {
  readonly run: Deciding;
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

/** An object that a program declares and that exists already. */
export interface Standing {
  /** What it is, as reports tell it after a semicolon: `it holds 600 entities`. Empty where there is nothing to tell. */
  readonly inWords: string;
  /** Why a create refuses to take it over, in the words of its error; missing where it takes it over. */
  readonly refusal?: string;
}

/** Whoever searches through an object finds fewer entities than before, without any of them being lost. */
export interface ServedLess {
  /** As messages name it: `alias documents`. */
  readonly object: string;
  /** The collections that serve today, and would. */
  readonly from: string;
  readonly to: string;
  /** In entities. */
  readonly today: number;
  readonly would: number;
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
