/** What is exported, and how it is called in a program: pure. */
import { isInCollection, type Properties } from "../../provider/core/properties";

export type Values = Readonly<Record<string, unknown>>;

export interface Declared {
  readonly kind: string;
  readonly inputs: Properties;
  readonly nameInput?: string;
  id(state: Values): string;
}

export interface Exported {
  readonly resource: Declared;
  readonly state: Values;
}

/** A child's logical name tells its collection: many collections have a partition of the same name. */
export function nameOf(resource: Declared, state: Values): string {
  const { kind, nameInput } = resource;
  const own = nameInput === undefined ? kind : String(state[nameInput]);
  if (isInCollection(resource.inputs)) return `${String(state["collectionName"])}_${own}`;
  return nameInput === undefined ? resource.id(state).replaceAll("*", "all").replaceAll("/", "_") : own;
}

/** What a variable at the top of a program cannot be called. */
export const RESERVED = new Set(
  [
    // The program's own.
    "milvus pulumi secrets",
    // Words of JavaScript in strict mode, which modules are in.
    "await break case catch class const continue debugger default delete do else enum export extends false finally for " +
      "function if implements import in instanceof interface let new null package private protected public return " +
      "static super switch this throw true try typeof var void while with yield arguments eval undefined",
    // What Node hands to a CommonJS module, and TypeScript keeps for itself.
    "exports require module __filename __dirname globalThis Promise",
    // What TypeScript uses in the JavaScript that it writes for the imports.
    "Object __esModule __createBinding __setModuleDefault __importStar __importDefault __exportStar",
  ].flatMap((words) => words.split(" ")),
);

export function identifier(name: string): string {
  const clean = name.replace(/[^A-Za-z0-9_]/g, "_");
  return /^\d/.test(clean) ? `_${clean}` : clean;
}

/** Gives each name once: a second one gets a number. */
export class Names {
  private readonly taken: Set<string>;

  constructor(reserved: ReadonlySet<string> = new Set()) {
    this.taken = new Set(reserved);
  }

  take(name: string): string {
    let free = name;
    for (let number = 2; this.taken.has(free); number++) free = `${name}_${number}`;
    this.taken.add(free);
    return free;
  }
}
