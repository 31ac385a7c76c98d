/**
 * Options that programs give to resources, on every kind of resource, through the real engine on fakes of a server that
 * has all kinds. Options of commands: options-of-commands.test.ts.
 */
import { resources } from "../../provider/registry";
import {
  ADOPT,
  declareAll,
  EFFECTS,
  inState,
  type Kind,
  KINDS,
  RENAMED,
  REPLACED,
  saidOfChange,
  standingOn,
  STANDS,
  UNNAMED,
} from "./support/all-kinds";
import { accessTo, live, OF_ENGINE, OVER_PLUGIN, said } from "./support/live";
import { expectLeft, Matrix, type Step, step } from "./support/matrix";

const context = live();
const matrix = new Matrix(context);

const except = (kinds: readonly Kind[], why: string): Partial<Record<Kind, string>> =>
  Object.fromEntries(kinds.map((kind) => [kind, why]));
const IN_PLACE = KINDS.filter((kind) => EFFECTS[kind] === "updated");

const IGNORE_CHANGED = "{ ignoreChanges: Object.keys(changes[kind]) }";

for (const [name, options] of [
  ["ignoreChanges of everything", `{ ignoreChanges: ["*"] }`],
  ["ignoreChanges of the input that changes", IGNORE_CHANGED],
] as const)
  matrix.option(
    name,
    async () => {
      const all = await matrix.everything();
      all.declare({ changed: KINDS, options });
      const ignored = await step(all, () => all.stack.up());
      all.declare({ changed: KINDS });
      return { ignored, heeded: await step(all, () => all.stack.up()) };
    },
    (kind, { ignored, heeded }) => {
      expectLeft(kind, ignored);
      expect(heeded.did[kind]).toEqual(saidOfChange(kind));
      expect(heeded.after[kind]).toMatchObject(STANDS.changed[kind]);
    },
  );

/** The engine asks which properties differ: Pulumi's dynamic providers do not pass that on, the plugin does. */
matrix.option(
  "replaceOnChanges of the input that changes, which changes in place",
  async () => {
    const all = await matrix.everything();
    all.declare({ changed: KINDS, options: "{ replaceOnChanges: Object.keys(changes[kind]) }" });
    return step(all, () => all.stack.up());
  },
  (kind, changed) => {
    expect(changed.did[kind]).toEqual(OVER_PLUGIN ? REPLACED : ["updated"]);
    expect(changed.after[kind]).toMatchObject(STANDS.changed[kind]);
  },
  except(
    KINDS.filter((kind) => !IN_PLACE.includes(kind)),
    "its change replaces anyway",
  ),
);

matrix.option(
  "protect",
  async () => {
    const all = await matrix.everything({ options: "{ protect: true }" });
    const before = await all.standing();
    all.stack.program("");
    const refused: string[] = [];
    // The engine begins with what nothing else needs, and goes no further.
    for (let round = 0; round < KINDS.length && (await all.stack.resources()).length > 0; round++) {
      const words = said(await all.stack.up({ expectFailure: true }));
      const { version, deployment } = await all.stack.stackExport();
      const isRefused = (urn: string): boolean =>
        words.includes(`error: resource "${urn}" cannot be deleted\n    because it is protected`);
      const those = (deployment.resources ?? []).map(({ urn }) => urn).filter(isRefused);
      refused.push(...those);
      const left = (deployment.resources ?? []).filter(({ urn }) => !those.includes(urn));
      await all.stack.stackImport({ version, deployment: { ...deployment, resources: left } });
    }
    return { before, after: await all.standing(), refused, calls: all.fake.calls };
  },
  (kind, { before, after, refused, calls }) => {
    expect(refused.filter((urn) => urn.endsWith(`::${kind}`))).toHaveLength(1);
    expect(after[kind]).toEqual(before[kind]);
    expect(calls.filter((call) => /^(Drop|Delete|Release)/.test(call))).toEqual([]);
  },
);

matrix.option(
  "retainOnDelete of what the program no longer declares, and declares again",
  async () => {
    const all = await matrix.everything({ options: "{ retainOnDelete: true }" });
    all.stack.program("");
    const removed = await step(all, () => all.stack.up());
    all.declare({ inputs: ADOPT });
    return { removed, again: await step(all, () => all.stack.up()) };
  },
  (kind, { removed, again }) => {
    expect(removed.did[kind]).toEqual(["deleted"]);
    expect(removed.after[kind]).toEqual(removed.before[kind]);
    expect(removed.after[kind]).toMatchObject(STANDS.declared[kind]);
    expect(again.did[kind]).toEqual(["created"]);
    expect(again.after[kind]).toEqual(removed.before[kind]);
  },
);

matrix.option(
  "retainOnDelete of what is replaced under another name",
  async () => {
    const all = await matrix.everything({ options: "{ retainOnDelete: true }" });
    all.declare({ options: "{ retainOnDelete: true }", inputs: RENAMED });
    return step(all, () => all.stack.up());
  },
  (kind, replaced) => {
    expect(replaced.did[kind]).toEqual(REPLACED);
    const before = replaced.before[kind] as unknown[];
    const after = replaced.after[kind] as unknown[];
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after).toHaveLength(2 * before.length);
  },
);

for (const [name, options, order] of [
  ["a replacement under another name", "{}", ["created replacement", "deleted original"]],
  ["deleteBeforeReplace", "{ deleteBeforeReplace: true }", ["deleted original", "created replacement"]],
] as const)
  matrix.option(
    name,
    async () => {
      const all = await matrix.everything({ options });
      all.declare({ options, inputs: RENAMED });
      return step(all, () => all.stack.up());
    },
    (kind, replaced) => {
      expect(replaced.did[kind]).toEqual(REPLACED);
      const done = new RegExp(
        `milvus:(?:index:)?${resources[kind].kind} \\S+ (created replacement|deleted original)`,
        "g",
      );
      expect([...said(replaced.result).matchAll(done)].map(([, word]) => word)).toEqual(order);
      const before = replaced.before[kind] as unknown[];
      const after = replaced.after[kind] as unknown[];
      expect(after).toHaveLength(before.length);
      for (const one of before) expect(after).not.toContainEqual(one);
    },
  );

matrix.option(
  "aliases of another logical name, with names that the program gives",
  async () => {
    const all = await matrix.everything();
    all.declare({ suffix: "_new", options: "{ aliases: [{ name: kind }] }" });
    return { ...(await step(all, () => all.stack.up())), urns: await all.urns() };
  },
  (kind, renamed) => {
    expectLeft(kind, renamed);
    expect(Object.keys(renamed.urns)).toContain(`${kind}_new`);
  },
);

matrix.option(
  "aliases of another logical name, with names left out",
  async () => {
    const all = await matrix.everything({ inputs: UNNAMED });
    all.declare({ suffix: "_new", inputs: UNNAMED, options: "{ aliases: [{ name: kind }] }" });
    const renamed = await step(all, () => all.stack.up());
    return { renamed, later: await step(all, () => all.stack.up()) };
  },
  (kind, { renamed, later }) => {
    expectLeft(kind, renamed);
    expectLeft(kind, later);
  },
  except(
    KINDS.filter((kind) => resources[kind].nameInput === undefined),
    "it has no name of its own",
  ),
);

matrix.option(
  "aliases of another parent",
  async () => {
    const all = await matrix.everything();
    all.declare({
      before: `const component = new pulumi.ComponentResource("test:index:Component", "component");`,
      options: "{ parent: component, aliases: [{ parent: pulumi.rootStackResource }] }",
    });
    return step(all, () => all.stack.up());
  },
  expectLeft,
);

matrix.option(
  "another logical name without aliases",
  async () => {
    const all = await matrix.everything();
    all.declare({ suffix: "_new", inputs: ADOPT });
    return step(all, () => all.stack.up());
  },
  (kind, renamed) => {
    expect(renamed.did[kind]).toEqual(["created", "deleted"]);
    expect(renamed.after[kind]).toEqual(renamed.before[kind]);
  },
);

const CHANGED_PROPS = "({ props: { ...args.props, ...changes[kindOf(args.type)] }, opts: args.opts })";
const OF_STACK = `kindOf(args.type) && ${CHANGED_PROPS}`;

for (const [name, before, options] of [
  [
    "a sync transformation of the stack",
    `pulumi.runtime.registerStackTransformation((args) => ${OF_STACK});`,
    "{}",
  ],
  [
    "an async transform of the stack",
    `pulumi.runtime.registerResourceTransform(async (args) => ${OF_STACK});`,
    "{}",
  ],
  ["a sync transformation of the resource", "", `{ transformations: [(args) => ${CHANGED_PROPS}] }`],
  ["an async transform of the resource", "", `{ transforms: [async (args) => ${CHANGED_PROPS}] }`],
] as const)
  matrix.option(
    name,
    async () => {
      const all = await matrix.everything({ before, options }, { up: false });
      const made = await step(all, () => all.stack.up());
      return { made, again: await step(all, () => all.stack.up()) };
    },
    (kind, { made, again }) => {
      expect(made.did[kind]).toEqual(["created"]);
      expect(made.after[kind]).toMatchObject(STANDS.changed[kind]);
      expectLeft(kind, again);
    },
  );

matrix.option(
  "providers that components inherit",
  async () => {
    const [one, two] = [await matrix.server(), await matrix.server()];
    const provider = (name: string, { address, password }: typeof one.fake): string =>
      `const ${name} = new milvus.Provider("${name}", { address: "${address}", username: "root", password: "${password}" });`;
    const components = (first: string, second: string): string => `
      const within = (name, opts) => {
        const parent = new pulumi.ComponentResource("test:index:Component", name, {}, opts);
        declare(() => ({ parent }), \`_\${name}\`);
      };
      within("one", { providers: [${first}] });
      within("two", { providers: { "${OF_ENGINE.package}": ${second} } });`;
    const before = [provider("one", one.fake), provider("two", two.fake)].join("\n");
    const all = await matrix.everything({ before, after: components("one", "two") });
    const standing = async () =>
      Promise.all([one.milvus, two.milvus, all.milvus].map((milvus) => standingOn(milvus)));
    const made = await standing();
    const again = await step(all, () => all.stack.up());
    return { made, again };
  },
  (kind, { made: [one, two, own], again }) => {
    expect(one?.[kind]).toMatchObject(STANDS.declared[kind]);
    expect(two?.[kind]).toMatchObject(STANDS.declared[kind]);
    expect(own?.[kind]).toEqual([]);
    expectLeft(kind, again);
  },
);

/** Nothing says which are those of a set that is only looked at. */
const ALL_PARTITIONS = { partitionNames: ["t1", "t2", "y2024"] };

matrix.option(
  ".get",
  async () => {
    const all = await matrix.everything();
    const owned = inState(await all.stack.resources());
    const gets = KINDS.map((kind) => `milvus.${resources[kind].kind}.get("${kind}", "${owned[kind]?.id}");`);
    const stack = await context.stack(declareAll({ only: [], after: gets.join("\n") }), {
      config: accessTo(all.fake),
    });
    const got = await step(all, () => stack.up());
    const read = inState(await stack.resources());
    const refreshed = await step(all, () => stack.refresh());
    const gone = await step(all, () => stack.destroy());
    return { owned, got, read, refreshed, gone };
  },
  (kind, { owned, got, read, refreshed, gone }) => {
    expect(read[kind]).toMatchObject({ external: true, id: owned[kind]?.id });
    const {
      __provider: ____,
      // The mark of the resource that has made it.
      declaredAs: _____,
      secretInputs: _,
      password: __,
      timeouts: ___,
      ...outputs
    } = owned[kind]?.outputs ?? {};
    expect(read[kind]?.outputs).toMatchObject(kind === "partitionSet" ? ALL_PARTITIONS : outputs);
    for (const looked of [got, refreshed, gone] satisfies Step[])
      expect(looked.after[kind]).toEqual(got.before[kind]);
  },
);
