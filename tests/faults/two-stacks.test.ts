/**
 * Two stacks on one server. One owns a collection, the other has partitions and an index in it, by its name: each runs
 * in processes of its own, so that nothing but the server itself keeps their releases, loads and drops apart.
 */
import type { OperationResult, Workspace } from "../../tools/stack";
import { FIELDS, HNSW, linesWith, live, program, said, stackLines } from "../live/support/live";
import { rows } from "../live/support/milvus";
import type { GrpcProxy } from "../support/grpc-proxy";
import { full, Lost, tried } from "./support/tally";

const context = live();
const { milvus } = context;
/** In the full run alone: the sample is of those where data is at stake. */
function fully(name: string, run: () => Promise<void>, timeout?: number): void {
  if (full) test(name, run, timeout);
}
/** Races come out differently each time. */
const ROUNDS = Array.from({ length: full ? 2 : 1 }, (_, at) => at + 1);
const ROWS = 40;

function owner(docs: string, partitions: readonly string[], M = 8): string {
  return program(
    `const docs = new milvus.Collection("documents", { collectionName: "${docs}", fields: ${FIELDS} });`,
    ...partitions.map((name) => `new milvus.Partition("${name}", { collection: docs });`),
    `new milvus.Index("by_meaning", {
       collection: docs, fieldName: "embedding", ${HNSW.replace("M: 8", `M: ${M}`)},
     });`,
  );
}

function guest(docs: string, partitions: readonly string[], byYear?: string): string {
  return program(
    ...partitions.map((name) => `new milvus.Partition("${name}", { collection: "${docs}" });`),
    byYear === undefined
      ? ""
      : `new milvus.Index("by_year", {
           indexName: "${byYear}", collection: "${docs}", fieldName: "year", indexType: "STL_SORT",
         });`,
  );
}

const docs = context.name("docs");

class Pair {
  private readonly held = new Map<string, number>();

  constructor(
    readonly owner: Workspace,
    readonly guest: Workspace,
  ) {}

  async fill(...partitions: string[]): Promise<void> {
    for (const partition of partitions) {
      const first = this.held.size * 1_000;
      this.held.set(partition, first);
      await milvus.insert(docs, rows(ROWS, first), partition);
    }
  }

  /** Both at once. */
  together(): Promise<[OperationResult, OperationResult]> {
    return Promise.all([this.owner.up(), this.guest.up()]);
  }

  async standsAs(partitions: readonly string[], indexes: readonly string[]): Promise<void> {
    expect((await milvus.partitions(docs)).sort()).toEqual([...partitions].sort());
    expect((await milvus.indexNames(docs)).sort()).toEqual([...indexes].sort());
    expect(await milvus.loadedPartitions(docs)).toEqual(["_default", ...partitions].sort());
    for (const [partition, first] of this.held)
      if (partitions.includes(partition)) await this.stillHolds(partition, first);
    const unchanged = { args: ["--expect-no-changes"] };
    await Promise.all([this.owner, this.guest].map((stack) => stack.refresh(unchanged)));
  }

  private async stillHolds(partition: string, first: number): Promise<void> {
    const count = await milvus.count(docs, partition);
    if (count !== ROWS) throw new Lost(`partition ${partition} has ${count} of ${ROWS} entities`);
    expect(await milvus.nearest(docs, first + 7, { partitions: [partition] })).toBe(first + 7);
  }
}

let pair: Pair;
let proxy: GrpcProxy;

beforeAll(async () => {
  proxy = await context.proxy();
  pair = new Pair(
    await context.stack(owner(docs, ["a1", "a2", "a3", "a4"])),
    await context.stack(guest(docs, ["b1", "b2", "b3", "b4"], "by_year"), { address: proxy.address }),
  );
  await pair.owner.up();
  await pair.guest.up();
  await pair.fill("a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4");
  await milvus.flush(docs);
  await milvus.load(docs);
});

describe("Two stacks on one server", () => {
  fully("go up, are refreshed and destroyed at once when each has a collection of its own", async () => {
    await tried("two stacks", "own collections", async () => {
      const names = [context.name("one"), context.name("two")];
      const stacks = await Promise.all(names.map((name) => context.stack(owner(name, ["y2023", "y2024"]))));
      for (const command of ["up", "refresh"] as const)
        await Promise.all(stacks.map((stack) => stack[command]()));
      for (const name of names) expect(await milvus.partitions(name)).toEqual(["y2023", "y2024"]);
      await stacks[0]?.destroy();
      expect(await Promise.all(names.map((name) => milvus.exists(name)))).toEqual([false, true]);
      await stacks[1]?.destroy();
      expect(await milvus.exists(names[1] as string)).toBe(false);
    });
  });
});

describe("Two stacks in one loaded collection", () => {
  let ofOwner = ["a1", "a2", "a3", "a4"];
  let ofGuest = ["b1", "b2", "b3", "b4"];
  let M = 8;
  let byYear = "by_year";
  const declare = () => {
    pair.owner.program(owner(docs, ofOwner, M));
    pair.guest.program(guest(docs, ofGuest, byYear));
  };
  const standing = () => pair.standsAs([...ofOwner, ...ofGuest], ["by_meaning", byYear]);

  test.each(ROUNDS)("remove partitions with data and add others at once (%d)", async (round) => {
    await tried("two stacks", `partitions, round ${round}`, async () => {
      ofOwner = [...ofOwner.slice(1), `a_new${round}`];
      ofGuest = [...ofGuest.slice(1), `b_new${round}`];
      declare();
      await pair.together();
      await standing();
      await pair.fill(`a_new${round}`, `b_new${round}`);
    });
  });

  test.each(ROUNDS)("replace the vector index while the other removes partitions (%d)", async (round) => {
    await tried("two stacks", `vector index and partitions, round ${round}`, async () => {
      M += 8;
      ofGuest = [...ofGuest.slice(1), `b_next${round}`];
      declare();
      const [replaced] = await pair.together();
      expect(replaced.summary.replace).toBe(1);
      await standing();
      await pair.fill(`b_next${round}`);
    });
  });

  for (const round of ROUNDS)
    fully(`replace the vector index and a scalar one at once (${round})`, async () => {
      await tried("two stacks", `two indexes, round ${round}`, async () => {
        M += 8;
        byYear = `by_year${round}`;
        declare();
        await pair.together();
        await standing();
      });
    });

  /** Milvus refuses to load again what is loaded and got an index since. */
  const loadAnew = async () => {
    await milvus.release(docs);
    await milvus.load(docs);
  };
  const loadBefore = (call: string, times: number) => {
    proxy.before = async ({ method, nth }) => {
      if (method === call && nth <= times) await milvus.load(docs);
      return undefined;
    };
    proxy.forget();
  };

  test("do not undo each other's drops: what is loaded again meanwhile is released again", async () => {
    await tried("two stacks", "loaded again before each drop", async () => {
      await loadAnew();
      ofGuest = ofGuest.slice(1);
      declare();
      loadBefore("DropPartition", 3);
      await pair.guest.up();
      expect(proxy.count("DropPartition")).toBe(4);

      byYear = "by_year_again";
      declare();
      loadBefore("DropIndex", 2);
      await pair.guest.up();
      expect(proxy.count("DropIndex")).toBe(3);
      proxy.pass();
      await standing();
    });
  });

  fully("load what is left when the other drops and releases before it is loaded", async () => {
    await tried("two stacks", "dropped and released before the load", async () => {
      await milvus.release(docs);
      const loaded = ["_default", ...ofOwner.slice(1), ...ofGuest];
      await milvus.loadPartitions(docs, loaded);
      await milvus.createPartition(docs, "strangers");
      await milvus.loadPartitions(docs, ["strangers"]);
      let released = false;
      proxy.before = async ({ method, nth }) => {
        if (method === "LoadPartitions" && nth === 1) await milvus.dropPartition(docs, "strangers");
        if (method === "GetLoadState" && proxy.count("LoadPartitions") === 2 && !released) {
          released = true;
          await milvus.release(docs);
        }
        return undefined;
      };
      byYear = "by_year_last";
      declare();
      proxy.forget();
      await pair.guest.up();
      proxy.pass();
      expect([released, proxy.count("LoadPartitions")]).toEqual([true, 3]);
      expect(await milvus.loadedPartitions(docs)).toEqual([...loaded].sort());
      await loadAnew();
      await standing();
    });
  });

  fully("are told when one declares a partition in which the other has data", async () => {
    await tried("two stacks", "one partition in both", async () => {
      const [taken = ""] = ofOwner;
      pair.guest.program(guest(docs, [...ofGuest, taken], byYear));
      const refused = await pair.guest.up({ expectFailure: true });
      expect(refused.code).not.toBe(0);
      expect(said(refused)).toContain(
        `partition ${taken} of collection default/${docs} exists already and holds ${ROWS} entities`,
      );
      expect(said(refused)).toContain("set `adopt: true`; otherwise choose another partitionName");
      expect(stackLines(refused)).toEqual([]);
      declare();
      await pair.guest.up();
      await standing();
    });
  });

  fully(
    "are told of a collection that the other destroyed, and keep off one that it made again",
    async () => {
      await tried("two stacks", "collection destroyed by its owner", async () => {
        const others = await context.stack(guest(docs, ["c1", "c2"]));
        await others.up();
        await pair.owner.destroy();
        expect(await milvus.exists(docs)).toBe(false);

        // Its own state still has them: what is wanted is made again once the collection is there.
        others.program(guest(docs, ["c1", "c2", "c3"]));
        const refused = await others.up({ expectFailure: true });
        expect(said(refused)).toContain(
          `partition c3 of collection default/${docs} cannot be made: there is no collection default/${docs}`,
        );
        expect(stackLines(refused)).toEqual([]);

        await pair.owner.up();
        await milvus.createPartition(docs, "c1");
        await milvus.insert(docs, rows(ROWS), "c1");
        const refreshed = await pair.guest.refresh();
        expect(linesWith(refreshed, "was dropped and made again by somebody else")).not.toEqual([]);
        expect(await pair.guest.resources()).toEqual([]);
        const destroyed = await others.destroy();
        expect(linesWith(destroyed, "it is not ours and is left alone with all that is in it")).not.toEqual(
          [],
        );
        await milvus.load(docs);
        expect(await milvus.count(docs, "c1")).toBe(ROWS);
        await pair.owner.destroy();
        expect(await milvus.exists(docs)).toBe(false);
      });
    },
  );
});
