/**
 * An unchanged program changes nothing, and another one changes something, whatever check takes: programs are made up,
 * their objects created and read, and the diff asked. What two of them are on the server, its own raw answers say.
 */
import fc from "fast-check";

import type { Standing } from "../../provider/core/resource";
import { equalJson, namesIn } from "../../provider/core/shapes";
import { standingOf } from "../../provider/lifecycle/standing";
import { type AnyResource, resources } from "../../provider/registry";
import { Run } from "../../provider/run";
import { clientOf } from "../support/clients";
import { checked, configured, type Values } from "../support/declared";
import { gatewayTo, uniqueName } from "../support/gateways";
import { databaseOf, type TestServer, textsOf } from "../support/servers";
import * as arbitrary from "./support/arbitrary-programs";
import { collectionOnServer, indexOnServer, type OnServer } from "./support/on-server";

type Kind = keyof typeof resources;

export interface Asked {
  /** How many pairs of collections and of indexes, which cost a server the most, and of others. */
  readonly pairs: number;
  /** Whether it takes what came after 2.3. */
  readonly isNew: boolean;
  /** What the server has none of. */
  readonly without?: readonly Kind[];
}

/** Another one with PULUMI_MILVUS_SEED. */
const SEED = Number(process.env["PULUMI_MILVUS_SEED"] ?? 16);

/** One object that was made: what a program says of it, and what the state says. */
interface Made {
  readonly id: string;
  readonly inputs: Values;
  readonly state: Values;
}

/** What became of programs, so that a run in which all are refused does not look as if all were well. */
class Tally {
  made = 0;
  equal = 0;
  different = 0;
  readonly refused = new Map<string, number>();

  refusedBecause(reason: string): void {
    const rule = reason.replace(/"[^"]*"|\d+/g, "…").slice(0, 100);
    this.refused.set(rule, (this.refused.get(rule) ?? 0) + 1);
  }

  inWords(kind: Kind): string {
    const refused = [...this.refused.values()].reduce((all, count) => all + count, 0);
    return `${kind}: ${this.made} made, ${refused} refused; of pairs ${this.equal} equal, ${this.different} different`;
  }
}

export function unchangedContract(name: string, server: () => TestServer, asked: Asked): void {
  /** How many programs of a kind of which no pairs are made. */
  const singly = Math.ceil(asked.pairs / 3);
  const tallies = new Map<Kind, Tally>();
  const has = (kind: Kind): boolean => !asked.without?.includes(kind);
  const provider = (kind: Kind) => configured(resources[kind], textsOf(server()), new Run());
  const tallyOf = (kind: Kind): Tally => {
    const tally = tallies.get(kind) ?? new Tally();
    tallies.set(kind, tally);
    return tally;
  };

  /** Nothing when check or the server refuses it: then nothing is made, and that is all there is to say. */
  async function make(kind: Kind, program: Values): Promise<Made | undefined> {
    const { inputs, failures } = await checked(resources[kind], program);
    if (failures.length > 0) {
      tallyOf(kind).refusedBecause(failures[0]?.reason ?? "");
      return undefined;
    }
    try {
      expect({ program, standing: await standing(kind, inputs) }).toEqual({ program, standing: undefined });
      const created = await (await provider(kind)).create?.(inputs);
      tallyOf(kind).made++;
      return { id: created?.id ?? "", inputs, state: created?.outs as Values };
    } catch (error) {
      tallyOf(kind).refusedBecause((error as Error).message);
      return undefined;
    }
  }

  const drop = async (kind: Kind, { id, state }: Made): Promise<void> =>
    (await provider(kind)).delete?.(id, state);

  const changes = async (kind: Kind, { id }: Made, state: Values, inputs: Values): Promise<boolean> => {
    try {
      return Boolean((await (await provider(kind)).diff?.(id, state, inputs))?.changes);
    } catch (error) {
      // What no server could do in place is refused: it is seen.
      if (/is not changed: /.test((error as Error).message)) return true;
      throw error;
    }
  };

  /** What a preview would say of it if it were new to the stack. */
  async function standing(kind: Kind, inputs: Values): Promise<Standing | undefined> {
    const milvus = gatewayTo(server());
    try {
      const { databaseName = milvus.database } = inputs;
      const resource = resources[kind] as unknown as AnyResource;
      return await standingOf(resource, milvus, { ...inputs, databaseName, adopt: true });
    } finally {
      await milvus.close();
    }
  }

  /** An unchanged program takes over what it has made, once its state is lost. */
  async function expectStanding(kind: Kind, inputs: Values): Promise<void> {
    const isNothing = kind === "partitionSet" && namesIn(inputs["partitionNames"] as string[]).length === 0;
    const found = await standing(kind, inputs);
    expect({ inputs, isThere: found !== undefined, refusal: found?.refusal }).toEqual({
      inputs,
      isThere: !isNothing,
      refusal: undefined,
    });
  }

  /** What is read back is what was recorded, and neither is a change. */
  async function expectUnchanged(kind: Kind, made: Made): Promise<Values> {
    await expectStanding(kind, made.inputs);
    const read = (await (await provider(kind)).read?.(made.id, made.state))?.props as Values;
    expect({ made: made.inputs, ...read }).toEqual({ made: made.inputs, ...made.state });
    for (const state of [made.state, read])
      if (await changes(kind, made, state, made.inputs))
        throw new Error(
          `an unchanged program is a change: ${JSON.stringify(made.inputs)}, and in the state ${JSON.stringify(state)}`,
        );
    return read;
  }

  /** A program of the kind, whether it is refused or not, leaves nothing behind. */
  async function life(kind: Kind, program: Values): Promise<void> {
    const made = await make(kind, program);
    if (!made) return;
    try {
      await expectUnchanged(kind, made);
    } finally {
      await drop(kind, made);
    }
  }

  /** Two programs of one name: the diff between them is none just when the server has the same for both. */
  async function pair(
    kind: Kind,
    programs: readonly [Values, Values],
    place: (program: Values, at: number) => Values,
    nameInput: string,
    onServer: OnServer,
  ): Promise<void> {
    const made: Made[] = [];
    try {
      for (const [at, program] of programs.entries()) {
        const one = await make(kind, place(program, at));
        if (!one) return;
        made.push(one);
        await expectUnchanged(kind, one);
      }
      const [one, other] = made as [Made, Made];
      const seen = await Promise.all(made.map(({ inputs }) => onServer(inputs)));
      const isSame = equalJson(seen[0], seen[1]);
      const wanted = { ...other.inputs, ...placeOf(one.inputs, nameInput) };
      const isChange = await changes(kind, one, one.state, wanted);
      tallyOf(kind)[isSame ? "equal" : "different"]++;
      if (isChange === isSame)
        throw new Error(
          `${isSame ? "a change of what is the same on the server" : "no change of what is another one on the server"}: ` +
            `${JSON.stringify(one.inputs)} and ${JSON.stringify(other.inputs)}, there ${JSON.stringify(seen[0])} and ` +
            JSON.stringify(seen[1]),
        );
      // What differs in properties of the server's own, or of nobody's, is taken over as well.
      if (isSame) await expectStanding(kind, wanted);
    } finally {
      for (const one of made) await drop(kind, one);
    }
  }

  const run = <T>(
    arbitrary: fc.Arbitrary<T>,
    numRuns: number,
    property: (value: T) => Promise<void>,
  ): Promise<void> =>
    fc.assert(fc.asyncProperty(arbitrary, property), { numRuns, seed: SEED, endOnFailure: true });

  describe(`an unchanged program on ${name}`, () => {
    const client = () => clientOf(server());
    const parents: Made[] = [];
    /** Others that something stands in: what is made last goes first. */
    const others: [Kind, Made][] = [];
    let raw: ReturnType<typeof client>;

    beforeAll(async () => {
      // Thousands of lines of what was dropped.
      jest.spyOn(console, "log").mockImplementation(() => undefined);
      raw = client();
      for (const _ of [0, 1]) {
        const program = {
          collectionName: uniqueName("parent"),
          databaseName: databaseOf(server()),
          fields: arbitrary.INDEXED_FIELDS,
        };
        const made = await make("collection", program);
        if (made) parents.push(made);
      }
      expect(parents).toHaveLength(2);
    });

    afterAll(async () => {
      for (const [kind, other] of others.reverse()) await drop(kind, other);
      for (const parent of parents) await drop("collection", parent);
      await raw.closeConnection();
      for (const [kind, tally] of tallies) {
        process.stderr.write(`${name}: ${tally.inWords(kind)}\n`);
        if (process.env["PULUMI_MILVUS_REFUSALS"] === "true")
          for (const [reason, count] of tally.refused) process.stderr.write(`  ${count} x ${reason}\n`);
      }
    });

    const inParent = (program: Values, at = 0): Values => ({
      ...program,
      databaseName: databaseOf(server()),
      collectionName: parents[at]?.state["collectionName"],
      collectionId: parents[at]?.state["collectionId"],
    });

    test("of collections is no change, and another one is a change", async () => {
      const place = (program: Values): Values => ({
        ...program,
        collectionName: uniqueName("unchanged"),
        databaseName: databaseOf(server()),
      });
      await run(pairsOf(arbitrary.collectionsOn(asked)), asked.pairs, (programs) =>
        pair("collection", programs, place, "collectionName", collectionOnServer(raw)),
      );
      expect(tallyOf("collection").made).toBeGreaterThan(asked.pairs / 2);
    });

    test("of indexes is no change, and another one is a change", async () => {
      const place = (program: Values, at: number): Values =>
        inParent({ ...program, indexName: uniqueName("unchanged") }, at);
      await run(pairsOf(arbitrary.indexes), asked.pairs, (programs) =>
        pair("index", programs, place, "indexName", indexOnServer(raw)),
      );
      expect(tallyOf("index").made).toBeGreaterThan(asked.pairs / 2);
    });

    const lives: [Kind, fc.Arbitrary<Values>, (program: Values) => Values][] = [
      ["partition", arbitrary.names.map((partitionName) => ({ partitionName })), inParent],
      ["partitionSet", arbitrary.partitionSets, inParent],
      [
        "alias",
        arbitrary.described.map(() => ({})),
        (program) => inParent({ ...program, aliasName: uniqueName("a") }),
      ],
      ["database", arbitrary.databases, named("database")],
      ["role", arbitrary.described, (program) => ({ ...program, roleName: uniqueName("r") })],
      [
        "user",
        fc.tuple(arbitrary.described, arbitrary.passwords).map(([more, password]) => ({ ...more, password })),
        (program) => ({ ...program, userName: uniqueName("u") }),
      ],
    ];
    const inRole = (program: Values): Values => ({ ...program, roleName: nameOf("role") });
    /** Of what the next programs stand in. */
    const stands = async (kind: Kind, program: Values): Promise<void> => {
      const made = await make(kind, program);
      if (!made) throw new Error(`no ${kind} to stand in was made of ${JSON.stringify(program)}`);
      others.push([kind, made]);
    };
    const nameOf = (kind: Kind): unknown => others.find(([one]) => one === kind)?.[1].inputs[`${kind}Name`];

    test("of grants and memberships is no change", async () => {
      await stands("role", { roleName: uniqueName("r") });
      await stands("user", { userName: uniqueName("u"), password: "s3cret" });
      const database = { databaseName: databaseOf(server()) };
      await run(arbitrary.grants, singly, (program) => life("grant", inRole({ ...database, ...program })));
      await life("roleMembership", inRole({ userName: nameOf("user") }));
      expect([tallyOf("grant").made > 0, tallyOf("roleMembership").made]).toEqual([true, 1]);
    });

    test("of loads is no change", async () => {
      await stands(
        "index",
        inParent({ fieldName: "embedding", indexName: uniqueName("i"), metricType: "L2" }),
      );
      for (const partitionName of arbitrary.LOADED_PARTITIONS)
        await stands("partition", inParent({ partitionName }));
      await run(arbitrary.loadsOn(asked), singly, (program) => life("collectionLoad", inParent(program)));
      expect(tallyOf("collectionLoad").made).toBeGreaterThan(0);
    });

    if (asked.isNew) lives.push(["privilegeGroup", arbitrary.privilegeGroups, named("privilegeGroup")]);
    lives.push(["resourceGroup", arbitrary.resourceGroups, named("resourceGroup")]);
    for (const [kind, programs, place] of lives)
      if (has(kind))
        test(`of ${kind} is no change`, async () => {
          await run(programs, singly, (program) => life(kind, place(program)));
          expect(tallyOf(kind).made).toBeGreaterThan(0);
        });
  });
}

const named =
  (kind: Kind) =>
  (program: Values): Values => ({ ...program, [`${kind}Name`]: uniqueName("unchanged") });

/** Where an object is: its name and what it is in. */
function placeOf(inputs: Values, nameInput: string): Values {
  const { databaseName, collectionName, collectionId } = inputs;
  return {
    databaseName,
    ...(collectionName !== undefined && { collectionName }),
    ...(collectionId !== undefined && { collectionId }),
    [nameInput]: inputs[nameInput],
  };
}

/** The second is the first with some inputs of another program, deep inside where there are lists. */
function pairsOf(programs: fc.Arbitrary<Values>): fc.Arbitrary<[Values, Values]> {
  return fc
    .tuple(programs, programs, fc.infiniteStream(fc.nat({ max: 5 })))
    .map(([one, other, choices]) => [one, mixed(one, other, () => choices.next().value as number) as Values]);
}

/** One of six places is as in the other; names stay, or fields come and go all the time. */
function mixed(one: unknown, other: unknown, choose: () => number): unknown {
  if (Array.isArray(one) && Array.isArray(other))
    return one.map((value, at) => (at < other.length ? mixed(value, other[at], choose) : (value as unknown)));
  if (
    isObject(one) &&
    isObject(other) &&
    ["dataType", "indexType"].every((type) => one[type] === other[type])
  ) {
    const [before, after] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
    const entries = [...new Set([...before.keys(), ...after.keys()])].map((key): [string, unknown] => [
      key,
      key === "name" || isLeftToServer(key, after.get(key))
        ? before.get(key)
        : mixed(before.get(key), after.get(key), choose),
    ]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }
  return choose() === 0 ? other : one;
}

/** What a program stops saying stays as the server has it. */
function isLeftToServer(input: string, value: unknown): boolean {
  return value === undefined && ["shardsNum", "indexType", "metricType", "params"].includes(input);
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
