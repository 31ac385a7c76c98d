"use strict";
/**
 * A provider process that lives longer than any real one: it runs the same life cycle again and again, as the engine
 * asks for it, each run with providers of its own, and says what it holds. Started by soak.test.ts with --expose-gc.
 */
const fs = require("node:fs");
const { isDeepStrictEqual } = require("node:util");

const { dynamicProvider } = require("../../../dist/provider/engines/dynamic");
const { resources } = require("../../../dist/provider/registry");

// Lines for users are not what is looked at here.
console.log = () => undefined;

const config = JSON.parse(process.argv[2]);
const HANDLER = "exports.handler = ...";
/** What the state has: by logical name the kind, the inputs and the outputs. */
let state = {};

async function newRun() {
  const run = {};
  for (const [kind, resource] of Object.entries(resources)) {
    run[kind] = dynamicProvider(resource);
    await run[kind].configure({ config: { get: (key) => config[key], require: (key) => config[key] } });
  }
  return run;
}

async function checked(provider, logicalName, olds, args) {
  const { inputs, failures } = await provider.check(olds, { ...args, logicalName, __provider: HANDLER });
  if (failures.length > 0) throw new Error(JSON.stringify(failures));
  return inputs;
}

async function create(run, kind, logicalName, args) {
  const inputs = await checked(run[kind], logicalName, {}, args);
  const { id, outs } = await run[kind].create(inputs);
  state[logicalName] = { kind, id, args, inputs, outs };
  return outs;
}

/** An up of a program with these arguments: check, diff, and an update where something changed. */
async function change(run, logicalName, args) {
  const known = state[logicalName];
  const provider = run[known.kind];
  const inputs = await checked(provider, logicalName, known.inputs, args);
  const { changes, replaces } = await provider.diff(known.id, known.outs, inputs);
  if (replaces.length > 0) throw new Error(`${logicalName} would be replaced because of ${replaces}`);
  if (!changes) return false;
  const { outs } = await provider.update(known.id, known.outs, inputs);
  state[logicalName] = { ...known, args, inputs, outs };
  return true;
}

async function remove(run, logicalName) {
  const { kind, id, outs } = state[logicalName];
  await run[kind].delete(id, outs);
  delete state[logicalName];
}

const steps = {
  async up({ name, fields, index }) {
    const run = await newRun();
    const made = await create(run, "collection", "docs", {
      collectionName: name,
      fields,
      properties: { "collection.ttl.seconds": "86400" },
    });
    const collection = { collectionName: made.collectionName, collectionId: made.collectionId };
    await Promise.all([
      ...["p1", "p2", "p3"].map((partition) => create(run, "partition", partition, collection)),
      create(run, "index", "by_meaning", { ...collection, fieldName: "embedding", ...index }),
      create(run, "index", "by_year", { ...collection, fieldName: "year", indexType: "STL_SORT" }),
    ]);
  },
  async refresh() {
    const run = await newRun();
    for (const { kind, id, outs } of Object.values(state)) {
      const { props } = await run[kind].read(id, outs);
      if (!isDeepStrictEqual(props, outs)) throw new Error(`${id} has changed`);
    }
  },
  async change() {
    const run = await newRun();
    const { args } = state.docs;
    const changed = await change(run, "docs", { ...args, properties: { "collection.ttl.seconds": "3600" } });
    if (!changed) throw new Error("the property is not changed");
    for (const [name, { args: same }] of Object.entries(state))
      if (await change(run, name, same)) throw new Error(`${name} has changed`);
  },
  /** What goes out of the program while the collection stays. */
  async removeSome() {
    const run = await newRun();
    await Promise.all(["p1", "p2", "by_year", "by_meaning"].map((name) => remove(run, name)));
  },
  async removeAll() {
    const run = await newRun();
    await remove(run, "p3");
    await remove(run, "docs");
  },
  measure() {
    global.gc();
    global.gc();
    return {
      handles: process._getActiveHandles().length,
      resources: process.getActiveResourcesInfo().length,
      sockets: openSockets(),
      heap: process.memoryUsage().heapUsed,
      memory: process.memoryUsage().rss,
    };
  },
};

/** Nothing where the system does not tell. */
function openSockets() {
  try {
    const files = fs.readdirSync("/proc/self/fd").map((file) => linkOf(`/proc/self/fd/${file}`));
    return files.filter((target) => target.startsWith("socket:")).length;
  } catch {
    return undefined;
  }
}

function linkOf(file) {
  try {
    return fs.readlinkSync(file);
  } catch {
    // The one that lists the folder.
    return "";
  }
}

process.on("message", async ({ step, values }) => {
  try {
    process.send({ result: (await steps[step](values)) ?? null });
  } catch (error) {
    process.send({ error: error.message });
  }
});
