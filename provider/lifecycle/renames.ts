/**
 * Resources that shift names in one run: one is renamed from `live` to `live_v1`, and a new one, or another one that is
 * renamed, becomes `live`. The engine runs both at the same time. Whoever finds its name taken waits until that is
 * free, and changes nothing until then; names that wait for each other are refused.
 *
 * Objects are told apart by the server's own id, names by the id of a resource (`default/live`).
 */
import { setTimeout as sleep } from "node:timers/promises";

export interface Rename {
  readonly serverId: string;
  readonly from: string;
  readonly to: string;
  /** The resource, for messages: `Collection "first"`. */
  readonly who: string;
}

/** Somebody who needs a name that is taken. */
export interface Waiting {
  readonly name: string;
  /** `collection live is not made`. */
  readonly what: string;
  /** In milliseconds since the epoch. */
  readonly until: number;
  /** Of the one that is renamed itself; nothing for a new object. */
  readonly serverId?: string;
}

/** Milliseconds in which the program declares nothing more: then it has declared all that it does not wait with. */
const QUIET = 1_000;
/** Milliseconds for the engine to begin an update that it decided: with --parallel 1 it waits for this one. */
const TO_BEGIN = 30_000;
const LOOK_AGAIN = 50;

const AGAIN =
  "Nothing was changed for it. Run the same command again once the rename is done, or give this resource dependsOn the " +
  "one that is renamed, declared before it";

type Progress = "decided" | "begun" | "done" | "failed";

export class Renames {
  private readonly all = new Map<string, { readonly rename: Rename; progress: Progress }>();
  private readonly takers = new Map<string, string>();

  /** When the program was last heard of, in milliseconds since the epoch. */
  private heardAt = 0;

  constructor(
    private readonly quiet = QUIET,
    private readonly toBegin = TO_BEGIN,
  ) {}

  /** The program declares something. */
  heard(): void {
    this.heardAt = Date.now();
  }

  /** Throws when two names change places, which needs a third one in between. */
  decided(rename: Rename): void {
    this.all.set(rename.serverId, { rename, progress: "decided" });
    this.refuseSwap(rename);
  }

  begun(serverId: string): void {
    this.become(serverId, "begun");
  }

  ended(serverId: string, isDone: boolean): void {
    this.become(serverId, isDone ? "done" : "failed");
  }

  takenOver(serverId: string, name: string): void {
    this.takers.set(serverId, name);
  }

  /** What this run makes of the object that a create has taken over. */
  newNameOf(serverId: string): string | undefined {
    return this.all.get(serverId)?.rename.to;
  }

  /** The resource that has taken over the object in this run. */
  takerOf(serverId: string): string | undefined {
    return this.takers.get(serverId);
  }

  /** Whether the name has become free; not when no resource of the program gives it up. */
  async becomesFree({ name, what, until, serverId }: Waiting): Promise<boolean> {
    const start = Date.now();
    const since = (): number => Date.now() - start;
    const isQuiet = (): boolean => Date.now() >= Math.min(this.heardAt + this.quiet, until);
    while (!this.leaving(name, serverId) && !isQuiet()) await sleep(LOOK_AGAIN);
    for (;;) {
      const own = serverId === undefined ? undefined : this.all.get(serverId)?.rename;
      if (own) this.refuseSwap(own);
      const before = this.leaving(name, serverId);
      if (!before) return false;
      const { rename, progress } = before;
      const { who, from, to } = rename;
      if (progress === "done") return true;
      if (progress === "failed")
        throw new Error(`${what}: ${who} still has that name, since its rename to ${to} failed. ${AGAIN}`);
      const isLate = progress === "decided" && since() >= this.toBegin;
      if (isLate || Date.now() >= until)
        throw new Error(
          `${what}: ${who}, which is to be renamed from ${from} to ${to} in this run, still has that name after ` +
            `${Math.round(since() / 1000)} s. ${AGAIN}`,
        );
      await sleep(LOOK_AGAIN);
    }
  }

  private become(serverId: string, progress: Progress): void {
    const one = this.all.get(serverId);
    if (one) one.progress = progress;
  }

  /** The one that gives up a name in this run. */
  private leaving(name: string, except?: string) {
    return [...this.all.values()].find(({ rename }) => rename.from === name && rename.serverId !== except);
  }

  private refuseSwap(first: Rename): void {
    const round = [first];
    for (;;) {
      const last = round[round.length - 1] as Rename;
      const next = this.leaving(last.to)?.rename;
      if (!next || (next !== first && round.includes(next))) return;
      if (next === first) break;
      round.push(next);
    }
    if (round.length < 2) return;
    const each = round.map(({ who, from, to }) => `${who} from ${from} to ${to}`).join(", ");
    throw new Error(
      `these resources exchange their names, which Milvus cannot do in one step: ${each}. Nothing was renamed. Give ` +
        `${first.who} a third name, run \`pulumi up\`, and give it its final name in a second \`pulumi up\``,
    );
  }
}
