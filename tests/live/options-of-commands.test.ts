/**
 * Options of commands, and the ways to run a program, on every kind of resource, through the real engine on fakes of a
 * server that has all kinds. Options of resources: options-matrix.test.ts.
 */
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";

import { type AnyResource, resources } from "../../provider/registry";
import type { OperationResult } from "../../tools/stack";
import { gatewayTo } from "../support/gateways";
import {
  ADOPT,
  type ByKind,
  declareAll,
  eachKind,
  EFFECTS,
  inState,
  type Kind,
  KINDS,
  operations,
  STANDS,
} from "./support/all-kinds";
import { accessTo, linesWith, live, said } from "./support/live";
import { type Everything, expectLeft, Matrix, type Step, step } from "./support/matrix";

const context = live();
const matrix = new Matrix(context);

const REPLACED = ["created replacement", "deleted original", "replaced"];
const did = (kind: Kind): string[] => (EFFECTS[kind] === "updated" ? ["updated"] : REPLACED);
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

/** Their change is another name: these are declared as they are. */
const SAME_NAME = `["partition", "alias", "roleMembership", "grant"]`;

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
      const object = (resources[kind] as unknown as AnyResource).describe(owned[kind]?.outputs ?? {});
      expect([object, linesWith(result, "is not dropped: the program declares it now").join("\n")]).toEqual([
        object,
        "",
      ]);
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
    expect(one.did).toEqual({ ...eachKind(() => []), [kind]: did(kind) });
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
    expect(done.did[kind]).toEqual(isOfDatabase ? did(kind) : []);
    expect(done.after[kind]).toMatchObject(STANDS[isOfDatabase ? "changed" : "declared"][kind]);
  },
  Object.fromEntries(
    KINDS.filter((kind) => DEPENDENTS[kind].length === 0).map((kind) => [kind, "nothing depends on it"]),
  ),
);

matrix.option(
  "an inline program that runs three times in one process",
  async () => {
    const all = await matrix.everything({}, { up: false });
    const main = all.stack.directory;
    for (const [name, changed] of [
      ["declared", []],
      ["changed", KINDS],
    ] as const)
      all.stack.write(
        `${name}.js`,
        `module.exports = (pulumi, milvus) => {\n${withoutRequires(declareAll({ changed }))}\n};`,
      );
    all.stack.write(
      "automation.js",
      `const pulumi = require("@pulumi/pulumi");
       const milvus = require("pulumi-milvus");
       const { LocalWorkspace } = require("@pulumi/pulumi/automation");
       const project = { name: "inline", runtime: "nodejs", main: __dirname };
       let declare;
       const program = async () => declare(pulumi, milvus);
       (async () => {
         const stack = await LocalWorkspace.createOrSelectStack(
           { stackName: "inline", projectName: "inline", program },
           { workDir: __dirname + "-inline", projectSettings: project },
         );
         const config = ${JSON.stringify(accessTo(all.fake))};
         for (const [key, value] of Object.entries(config))
           await stack.setConfig(key, { value: value.secret ?? value, secret: value.secret !== undefined });
         const outputs = [];
         for (const name of ["declared", "declared", "changed"]) {
           declare = require("./" + name + ".js");
           const { stdout } = await stack.up({ color: "never" });
           outputs.push(stdout);
         }
         console.log(JSON.stringify(outputs));
       })();`,
    );
    fs.mkdirSync(`${main}-inline`);
    const { stdout } = await promisify(execFile)(process.execPath, [path.join(main, "automation.js")], {
      env: all.stack.env,
      maxBuffer: 1e8,
    });
    const ups = (JSON.parse(stdout) as string[]).map((text) => operations(asResult(text)));
    return { ups, after: await all.standing() };
  },
  (kind, { ups, after }) => {
    expect(ups.map((one) => one[kind])).toEqual([["created"], [], did(kind)]);
    expect(after[kind]).toMatchObject(STANDS.changed[kind]);
  },
);

function withoutRequires(text: string): string {
  return text
    .split("\n")
    .filter((line) => !line.includes("require("))
    .join("\n");
}

function asResult(stdout: string): OperationResult {
  const summary = { create: 0, update: 0, delete: 0, replace: 0, unchanged: 0, errored: 0 };
  return { stdout, stderr: "", code: 0, summary };
}

matrix.option(
  "--continue-on-error beside a resource of the kind that is refused",
  async () => {
    const all = await matrix.everything({}, { up: false });
    const bad = `for (const kind of Object.keys(classes)) new classes[kind](\`bad_\${kind}\`, { nonsense: 1 });`;
    all.declare({ after: `${bad}\ndeclare(() => ({}), "");` });
    return step(all, () => all.stack.up({ args: ["--continue-on-error"], expectFailure: true }));
  },
  (kind, { result, did: done, after }) => {
    expect(result.code).not.toBe(0);
    expect(said(result)).toMatch(
      new RegExp(`milvus:${resources[kind].kind} \\(bad_${kind}\\):\\n\\s+error: `),
    );
    expect(done[kind]).toEqual(["created"]);
    expect(after[kind]).toMatchObject(STANDS.declared[kind]);
  },
);

matrix.option(
  "--continue-on-error of another logical name, with a create that is refused",
  async () => {
    const all = await matrix.everything();
    const inputs = `({ ...(${SAME_NAME}.includes(kind) ? {} : changes[kind]), timeouts: { create: 5 } })`;
    all.declare({ suffix: "_new", inputs });
    return step(all, () => all.stack.up({ args: ["--continue-on-error"], expectFailure: true }));
  },
  (kind, { did: done, before, after }) => {
    process.stdout.write(`${kind} ${done[kind]}\n`);
    expect(after[kind]).toEqual(before[kind]);
  },
);

matrix.option(
  "--refresh of what somebody changed",
  async () => {
    const all = await matrix.everything();
    const theirs = await context.stack(declareAll({ inputs: ADOPT }), { config: accessTo(all.fake) });
    await theirs.up();
    theirs.program(declareAll({ changed: KINDS, inputs: ADOPT }));
    await theirs.up();
    const put = await step(all, () => all.stack.up({ args: ["--refresh"] }));
    return {
      put,
      later: await all.stack.preview({ args: ["--refresh", "--expect-no-changes"], expectFailure: true }),
    };
  },
  (kind, { put, later }) => {
    expect(put.before[kind]).toMatchObject(STANDS.changed[kind]);
    expect(put.did[kind]).not.toEqual([]);
    const after = put.after[kind] as unknown[];
    for (const one of STANDS.declared[kind])
      expect(after).toContainEqual(typeof one === "object" ? expect.objectContaining(one as object) : one);
    expect(said(later)).not.toMatch(new RegExp(`[~+-] .*milvus:${resources[kind].kind} `));
  },
);

matrix.option(
  "--refresh of what somebody dropped",
  async () => {
    const all = await matrix.everything();
    const gateway = gatewayTo(all.fake);
    const owned = inState(await all.stack.resources());
    for (const kind of [...KINDS].reverse())
      await (resources[kind] as unknown as AnyResource).delete(gateway, owned[kind]?.outputs ?? {});
    await gateway.close();
    return step(all, () => all.stack.up({ args: ["--refresh"] }));
  },
  (kind, { before, did: done, after }) => {
    expect(before[kind]).toEqual([]);
    expect(done[kind]).toContain("created");
    expect(after[kind]).toMatchObject(STANDS.declared[kind]);
  },
);

const PLANS = { PULUMI_EXPERIMENTAL: "true" };

matrix.option(
  "a saved plan",
  async () => {
    const all = await matrix.everything();
    all.declare({ changed: KINDS });
    await all.stack.preview({ args: ["--save-plan", "plan.json"], env: PLANS });
    const planned = await step(all, () => all.stack.up({ args: ["--plan", "plan.json"], env: PLANS }));
    return planned;
  },
  (kind, { did: done, after }) => {
    expect(done[kind]).toEqual(did(kind));
    expect(after[kind]).toMatchObject(STANDS.changed[kind]);
  },
);

matrix.option(
  "a saved plan of another program",
  async () => {
    const all = await matrix.everything();
    await all.stack.preview({ args: ["--save-plan", "plan.json"], env: PLANS });
    all.declare({ changed: KINDS });
    return step(all, () =>
      all.stack.up({ args: ["--plan", "plan.json", "--continue-on-error"], env: PLANS, expectFailure: true }),
    );
  },
  (kind, one) => {
    expect(said(one.result)).toMatch(new RegExp(`milvus:${resources[kind].kind}::${kind}.* violates plan`));
    expectLeft(kind, one);
  },
);
