/**
 * Inline programs, errors, refreshes and saved plans, on every kind of resource, through the real engine on fakes of a
 * server that has all kinds. Options of resources: options-matrix.test.ts, of commands: options-of-commands.test.ts.
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
  inState,
  type Kind,
  KINDS,
  operations,
  RENAMED,
  saidOfChange,
  STANDS,
} from "./support/all-kinds";
import { OF_ENGINE, ENTRY, accessTo, FIELDS, HNSW, live, said } from "./support/live";
import { Matrix, type Step, step } from "./support/matrix";

const context = live();
const matrix = new Matrix(context);

/** Their change is another name: these are declared as they are. */
const SAME_NAME = `["partition", "alias", "roleMembership", "grant"]`;

/** Inputs with which the create of each kind fails, where another stack has one of everything. */
const REFUSED: ByKind<string> = {
  database: `{ databaseName: "app", ...changes.database }`,
  collection: `{ databaseName: "app", collectionName: "docs", fields: ${FIELDS}, ...changes.collection }`,
  partition: `{ collection: "nowhere", partitionName: "y2024" }`,
  partitionSet: `{ collection: "nowhere", partitionNames: ["t1"] }`,
  index: `{ collection: "nowhere", fieldName: "embedding", ${HNSW} }`,
  // A load and an alias come after what else stands in their collection, and would be skipped with it.
  collectionLoad: `{ collection: "nowhere_either" }`,
  alias: `{ collection: "nowhere_at_all", aliasName: "current" }`,
  user: `{ userName: "alice", password: "another-horse" }`,
  role: `{ roleName: "readers", ...changes.role }`,
  roleMembership: `{ userName: "nobody", roleName: "nothing" }`,
  grant: `{ roleName: "nothing", privilege: "Search", collectionName: "*" }`,
  privilegeGroup: `{ privilegeGroupName: "reading", ...changes.privilegeGroup }`,
  resourceGroup: `{ resourceGroupName: "fast", ...changes.resourceGroup }`,
};

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
       const milvus = require("${ENTRY}");
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
    expect(ups.map((one) => one[kind])).toEqual([["created"], [], saidOfChange(kind)]);
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
    const theirs = await context.stack(declareAll(), { config: accessTo(all.fake) });
    await theirs.up();
    const bad = KINDS.map((kind) => `new classes.${kind}("bad_${kind}", ${REFUSED[kind]});`);
    all.declare({ after: [...bad, `declare(() => ({}), "", (kind) => ${RENAMED});`].join("\n") });
    return step(all, () => all.stack.up({ args: ["--continue-on-error"], expectFailure: true }));
  },
  (kind, { result, did: done, before, after }) => {
    expect(result.code).not.toBe(0);
    expect(said(result)).toMatch(
      new RegExp(`${OF_ENGINE.typeOf(resources[kind].kind)} \\(bad_${kind}\\):\\n\\s+error: `),
    );
    expect(done[kind]).toEqual(["created"]);
    const [theirs, both] = [before[kind] as unknown[], after[kind] as unknown[]];
    expect(both).toEqual(expect.arrayContaining(theirs));
    expect(both).toHaveLength(2 * theirs.length);
  },
);

matrix.option(
  "--continue-on-error of another logical name, where nothing can be taken over",
  async () => {
    const all = await matrix.everything();
    all.declare({ suffix: "_new", inputs: `${SAME_NAME}.includes(kind) ? {} : changes[kind]` });
    return step(all, () => all.stack.up({ args: ["--continue-on-error"], expectFailure: true }));
  },
  (kind, { result, before, after }) => {
    expect(result.code).not.toBe(0);
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
    expect(later.code).toBe(0);
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
    expect(done[kind]).toEqual(saidOfChange(kind));
    expect(after[kind]).toMatchObject(STANDS.changed[kind]);
  },
);

matrix.option(
  "a saved plan of another program",
  async () => {
    const all = await matrix.everything();
    await all.stack.preview({ args: ["--save-plan", "plan.json"], env: PLANS });
    const steps: Partial<Record<Kind, Step>> = {};
    for (const kind of KINDS) {
      all.declare({ changed: [kind] });
      const options = { args: ["--plan", "plan.json"], env: PLANS, expectFailure: true };
      steps[kind] = await step(all, () => all.stack.up(options));
    }
    return steps as ByKind<Step>;
  },
  (kind, { [kind]: one }) => {
    expect(said(one.result)).toMatch(
      new RegExp(`${OF_ENGINE.typeOf(resources[kind].kind)}::${kind}.* violates plan`),
    );
    expect(one.did).toEqual(eachKind(() => []));
    expect(one.after).toEqual(one.before);
  },
);
