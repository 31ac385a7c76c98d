/**
 * Options of commands on every kind of resource, through the real engine on fakes of a
 * server that has all kinds. Options of resources: options-matrix.test.ts,
 * and the ways to run a program: options-of-runs.test.ts.
 */
import { type AnyResource, resources } from "../../provider/registry";
import {
  ADOPT,
  type ByKind,
  eachKind,
  inState,
  type Kind,
  KINDS,
  REPLACED,
  saidOfChange,
  STANDS,
} from "./support/all-kinds";
import { linesWith, live } from "./support/live";
import { type Everything, Matrix, type Step, step } from "./support/matrix";

const context = live();
const matrix = new Matrix(context);

const flags = (flag: string, urns: readonly string[]): string[] => urns.flatMap((urn) => [flag, urn]);

/** The call that makes one. */
const MAKING: ByKind<string> = {
  database: "CreateDatabase",
  collection: "CreateCollection",
  partition: "CreatePartition",
  partitionSet: "CreatePartition",
  index: "CreateIndex",
  collectionLoad: "LoadCollection",
  alias: "CreateAlias",
  user: "CreateCredential",
  role: "CreateRole",
  roleMembership: "OperateUserRole",
  grant: "OperatePrivilegeV2",
  privilegeGroup: "CreatePrivilegeGroup",
  resourceGroup: "CreateResourceGroup",
};

/** Those with an id of the server, another one for another object. */
const IDENTITY: readonly Kind[] = [
  "database",
  "collection",
  "partition",
  "partitionSet",
  "index",
  "collectionLoad",
];

/** In the collection: they go with it. */
const INSIDE: readonly Kind[] = ["partition", "partitionSet", "index", "collectionLoad"];

/** How each kind is asked to be replaced, with no difference between program and state. */
const FORCED = [
  [
    "--replace",
    async ({ stack, urns }: Everything) =>
      stack.up({ args: flags("--replace", Object.values(await urns())) }),
  ],
  [
    "state taint",
    async ({ stack, urns }: Everything) => {
      await stack.pulumi(["state", "taint", "--yes", ...Object.values(await urns())]);
      return stack.up();
    },
  ],
] as const;

for (const [name, command] of FORCED) {
  matrix.option(
    name,
    async () => {
      const all = await matrix.everything({ inputs: ADOPT });
      const owned = inState(await all.stack.resources());
      return { owned, ...(await step(all, () => command(all))) };
    },
    (kind, { result, did: done, before, after, owned }) => {
      expect(done[kind]).toEqual(REPLACED);
      expect(after[kind]).toEqual(before[kind]);
      // What stands in the collection has no drop of its own, and the collection says it.
      const object = (
        resources[INSIDE.includes(kind) ? "collection" : kind] as unknown as AnyResource
      ).describe(owned[INSIDE.includes(kind) ? "collection" : kind]?.outputs ?? {});
      expect(
        linesWith(result, `${object} is not dropped: the program declares it now. If --replace`),
      ).not.toEqual([]);
    },
  );

  matrix.option(
    `${name} with deleteBeforeReplace`,
    async () => {
      const all = await matrix.everything({ options: "{ deleteBeforeReplace: true }" });
      const from = all.fake.calls.length;
      const forced = await step(all, () => command(all));
      return { ...forced, calls: all.fake.calls.slice(from) };
    },
    (kind, { did: done, before, after, calls }) => {
      expect(done[kind]).toEqual(REPLACED);
      expect(after[kind]).toMatchObject(STANDS.declared[kind]);
      const made = MAKING[kind];
      expect([made, calls.includes(made)]).toEqual([made, true]);
      if (IDENTITY.includes(kind)) expect(after[kind]).not.toEqual(before[kind]);
    },
  );
}

matrix.option(
  "--target",
  async () => {
    const all = await matrix.everything();
    const urns = await all.urns();
    all.declare({ changed: KINDS });
    const steps: Partial<Record<Kind, Step>> = {};
    for (const kind of KINDS)
      steps[kind] = await step(all, () => all.stack.up({ args: ["--target", urns[kind]] }));
    return steps as ByKind<Step>;
  },
  (kind, { [kind]: one }) => {
    expect(one.did).toEqual({ ...eachKind(() => []), [kind]: saidOfChange(kind) });
    expect(one.after).toEqual({ ...one.before, [kind]: one.after[kind] });
    expect(one.after[kind]).toMatchObject(STANDS.changed[kind]);
  },
);

const IN_COLLECTION: readonly Kind[] = ["partition", "partitionSet", "index", "collectionLoad", "alias"];
/** By inputs, or because a load and an alias come after what stands in the collection. */
const DEPENDENTS: ByKind<readonly Kind[]> = {
  database: ["collection", ...IN_COLLECTION, "grant"],
  collection: [...IN_COLLECTION, "grant"],
  partition: ["collectionLoad", "alias"],
  partitionSet: ["collectionLoad", "alias"],
  index: ["collectionLoad", "alias"],
  collectionLoad: ["alias"],
  alias: [],
  user: ["roleMembership"],
  role: ["roleMembership", "grant"],
  roleMembership: [],
  grant: [],
  privilegeGroup: [],
  resourceGroup: [],
};

matrix.option(
  "--target-dependents",
  async () => {
    const all = await matrix.everything();
    const urns = await all.urns();
    all.declare({ changed: KINDS });
    const planned: Partial<Record<Kind, readonly string[]>> = {};
    for (const kind of KINDS.filter((one) => DEPENDENTS[one].length > 0)) {
      const steps = await all.stack.plan({ args: ["--target", urns[kind], "--target-dependents"] });
      planned[kind] = steps.filter(({ op }) => op !== "same").map(({ urn }) => urn);
    }
    const args = ["--target", urns.database, "--target-dependents"];
    return { urns, planned, done: await step(all, () => all.stack.up({ args })) };
  },
  (kind, { urns, planned, done }) => {
    const expected = [kind, ...DEPENDENTS[kind]].map((one) => urns[one]);
    expect([...new Set(planned[kind])].sort()).toEqual(expected.sort());
    const isOfDatabase = ["database", ...DEPENDENTS.database].includes(kind);
    expect(done.did[kind]).toEqual(isOfDatabase ? saidOfChange(kind) : []);
    expect(done.after[kind]).toMatchObject(STANDS[isOfDatabase ? "changed" : "declared"][kind]);
  },
  Object.fromEntries(
    KINDS.filter((kind) => DEPENDENTS[kind].length === 0).map((kind) => [kind, "nothing depends on it"]),
  ),
);
