/** Pulumi's options times kinds of resource: one test for each cell, and the size in one line at the end. */
import type { OperationResult, Workspace } from "../../../tools/stack";
import { type FakeMilvus, startFakeMilvus } from "../../support/fake-milvus";
import {
  type ByKind,
  type Declaration,
  declareAll,
  type Kind,
  KINDS,
  operations,
  type Standing,
  standingOn,
} from "./all-kinds";
import { accessTo, type Live } from "./live";
import { TestMilvus } from "./milvus";

/** Enough for two replicas and a resource group with a node. */
const QUERY_NODES = 4;

/** With room for the changes of every kind. */
export function startRoomyFake(): Promise<FakeMilvus> {
  return startFakeMilvus({
    version: "3.0.4",
    password: "s3cret of root",
    queryNodes: QUERY_NODES,
    loadTime: 20,
  });
}

/** A server of its own, with a stack on it. */
export interface Everything {
  readonly fake: FakeMilvus;
  readonly milvus: TestMilvus;
  readonly stack: Workspace;
  readonly declare: (declaration?: Declaration) => void;
  readonly standing: () => Promise<Standing>;
  readonly urns: () => Promise<ByKind<string>>;
}

/** What a command did to each kind, and what stood on the server before and after it. */
export interface Step {
  readonly result: OperationResult;
  readonly did: ByKind<readonly string[]>;
  readonly before: Standing;
  readonly after: Standing;
}

export class Matrix {
  private readonly options: string[] = [];
  private readonly leftOut: string[] = [];
  private cells = 0;
  private well = 0;
  private readonly opened: (() => Promise<void>)[] = [];

  constructor(private readonly context: Live) {
    afterAll(async () => {
      for (const close of this.opened) await close();
      for (const line of this.leftOut) process.stdout.write(`${line}\n`);
      process.stdout.write(
        `options x kinds: ${this.options.length} x ${KINDS.length}, ${this.cells} cells, ${this.well} went well, ` +
          `${this.leftOut.length} do not apply\n`,
      );
    });
  }

  /** A row: the commands run once, and each kind is judged by itself. Where it does not apply, `except` says why. */
  option<T>(
    name: string,
    run: () => Promise<T>,
    judge: (kind: Kind, outcome: T) => void | Promise<void>,
    except: Partial<ByKind<string>> = {},
  ): void {
    this.options.push(name);
    const kinds = KINDS.filter((kind) => except[kind] === undefined);
    this.leftOut.push(
      ...Object.entries(except).map(([kind, why]) => `does not apply: ${name} x ${kind}: ${why}`),
    );
    describe(name, () => {
      let outcome: T;
      beforeAll(async () => {
        this.cells += kinds.length;
        outcome = await run();
      });
      test.each(kinds)("%s", async (kind) => {
        await judge(kind, outcome);
        this.well += 1;
      });
    });
  }

  async server(): Promise<{ fake: FakeMilvus; milvus: TestMilvus }> {
    const fake = await startRoomyFake();
    const milvus = new TestMilvus(fake);
    this.opened.push(async () => {
      await milvus.close();
      await fake.stop();
    });
    return { fake, milvus };
  }

  /** With one of every kind, made by a first `up`, unless the program is given. */
  async everything(declaration: Declaration = {}, { up = true } = {}): Promise<Everything> {
    const { fake, milvus } = await this.server();
    const stack = await this.context.stack(declareAll(declaration), { config: accessTo(fake) });
    if (up) await stack.up();
    return {
      fake,
      milvus,
      stack,
      declare: (next) => stack.program(declareAll(next)),
      standing: () => standingOn(milvus),
      urns: async () =>
        Object.fromEntries(
          (await stack.resources()).map(({ urn }) => [urn.slice(urn.lastIndexOf("::") + 2), urn]),
        ) as ByKind<string>,
    };
  }
}

/** Runs a command between two looks at the server. */
export async function step(
  { standing }: Pick<Everything, "standing">,
  command: () => Promise<OperationResult>,
): Promise<Step> {
  const before = await standing();
  const result = await command();
  return { result, did: operations(result), before, after: await standing() };
}

/** The kind was left alone: nothing was done by the engine, and the very object stands as it did. */
export function expectLeft(kind: Kind, { did, before, after }: Step): void {
  expect(did[kind]).toEqual([]);
  expect(after[kind]).toEqual(before[kind]);
}
