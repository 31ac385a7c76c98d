/**
 * Where the policy on data may stand, and that all who judge by it agree: the diff of a preview and of an `up`, update and
 * delete, the delete hook of a preview, and the report of the command line. On a fake server, over gRPC.
 */
import * as pulumi from "@pulumi/pulumi";

import type { RecordedProvider } from "../../cli/preview/engine";
import type { Preview } from "../../cli/preview/steps";
import { judgeAll } from "../../cli/preview/judge";
import { plannedChanges } from "../../cli/preview/plan";
import { plannedProviders } from "../../cli/preview/providers";
import { makeReport } from "../../cli/preview/report";
import { Servers } from "../../cli/preview/servers";
import { lossesOfDeletion } from "../../provider/engines/preview-deletes";
import { Milvus } from "../../provider/milvus/gateway";
import { Run } from "../../provider/run";
import { environmentOf, readSettings } from "../../provider/milvus/settings";
import { collection } from "../../provider/resources/collection";
import { partition } from "../../provider/resources/partition";
import { partitionSet } from "../../provider/resources/partition-set";
import { Provider } from "../../sdk/nodejs/provider";
import { configured, type Values } from "../support/declared";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { valueOf, withoutEngine } from "../support/pulumi-mocks";
import { rows, TestMilvus } from "../live/support/milvus";

type Texts = Readonly<Record<string, string>>;

const FIELDS = [
  { name: "id", dataType: "Int64", isPrimaryKey: true },
  { name: "year", dataType: "Int64", nullable: true },
  { name: "embedding", dataType: "FloatVector", dim: 8 },
];
const registered = withoutEngine();

const settingsOf = (inputs: Texts) =>
  readSettings(
    (name) => inputs[name],
    () => undefined,
  );

/** What the server answers is the same in all rows, and asked for once. */
function answerOnce<Resource extends object>(resource: Resource, ...methods: (keyof Resource)[]): void {
  for (const method of methods) {
    const ask = resource[method] as (...values: unknown[]) => Promise<unknown>;
    const answers = new Map<string, Promise<unknown>>();
    const once = (milvus: unknown, ...values: unknown[]): Promise<unknown> => {
      const key = JSON.stringify(values);
      const answer = answers.get(key) ?? ask.call(resource, milvus, ...values);
      answers.set(key, answer);
      return answer;
    };
    resource[method] = once as Resource[typeof method];
  }
}

/** The hook closes its connection; here it is the one of all rows. */
const closing = jest.spyOn(Milvus.prototype, "close").mockResolvedValue(undefined);

let fake: FakeMilvus;
let docs: Values;
let y1: Values;
let set: Values;

beforeAll(async () => {
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  fake = await startFakeMilvus({ version: "3.0.4", storageV3: true });
  const access = { address: fake.address };
  const made = async (resource: unknown, inputs: Values): Promise<Values> => {
    const provider = await configured(resource, access);
    return (await provider.create?.(inputs))?.outs as Values;
  };
  docs = await made(collection, { collectionName: "docs", fields: FIELDS });
  const inside = { collectionName: "docs", collectionId: docs["collectionId"] };
  y1 = await made(partition, { ...inside, partitionName: "y1" });
  set = await made(partitionSet, { ...inside, partitionNames: ["y2", "y3"] });
  const milvus = new TestMilvus(fake);
  for (const name of ["y1", "y2", "y3"]) await milvus.insert("docs", rows(9), name);
  await milvus.client.flushSync({ collection_names: ["docs"] });
  await milvus.close();
  answerOnce(collection, "losses", "lossesOfUpdate", "read");
  answerOnce(partition, "losses", "read");
  answerOnce(partitionSet, "lossesOfUpdate");
  Object.assign(KEEPING, keeping());
});
afterAll(async () => {
  closing.mockRestore();
  await Milvus.at(settingsOf({ address: fake.address }), new Run()).close();
  await fake.stop();
});

/** A setting in the three places that it may stand in; missing where it does not stand. */
interface Places {
  readonly provider?: string;
  readonly config?: string;
  readonly environment?: string;
}

interface Row {
  /** Of an explicit Provider or the default one. */
  readonly isExplicit: boolean;
  readonly protectData: Places;
  /** Of ids; `ID` stands for that of what is lost. */
  readonly acknowledged: Places;
  /** The collection's own input. */
  readonly own: boolean;
}

const counted = ({ provider, config, environment }: Places) => provider ?? config ?? environment;

function placed(isExplicit: boolean, values: readonly string[]): Places[] {
  const each = [undefined, ...values];
  return (isExplicit ? each : [undefined]).flatMap((provider) =>
    each.flatMap((config) => each.map((environment) => ({ provider, config, environment }))),
  );
}

const ID = "ID";
/** What stands in it, in place of what it stands in: neither acknowledges it. */
const INSIDE = "ID/inside";

const ROWS: Row[] = [false, true].flatMap((isExplicit) => [
  ...placed(isExplicit, ["true", "false", "replacements"]).flatMap((protectData) =>
    [undefined, ID].map((config) => ({ isExplicit, protectData, acknowledged: { config }, own: false })),
  ),
  ...placed(isExplicit, [ID, "default,default/other"]).map((acknowledged) => ({
    isExplicit,
    protectData: { config: "true" },
    acknowledged,
    own: false,
  })),
  ...[undefined, "true", "false", "replacements"].flatMap((config) =>
    [undefined, ID, INSIDE].map((id) => ({
      isExplicit,
      protectData: { config },
      acknowledged: { config: id },
      own: true,
    })),
  ),
]);

/** What an engine has configured for the row, and what the environment holds. */
interface World {
  readonly config: Texts;
  /** The inputs of the provider in question. */
  readonly inputs: Texts;
}

function texts(values: Readonly<Record<string, string | undefined>>): Texts {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Texts;
}

let providers = 0;

async function worldOf({ isExplicit, protectData, acknowledged }: Row, id: string): Promise<World> {
  const ids = (places: Places): Places =>
    Object.fromEntries(
      Object.entries<string | undefined>({ ...places }).map(([place, value]) => [
        place,
        value?.replace(ID, id),
      ]),
    );
  const acknowledgedDataLoss = ids(acknowledged);
  for (const [name, value] of Object.entries({
    MILVUS_PROTECT_DATA: protectData.environment,
    MILVUS_ACKNOWLEDGED_DATA_LOSS: acknowledgedDataLoss.environment,
  }))
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  const config = texts({
    "milvus:address": fake.address,
    "milvus:protectData": protectData.config,
    "milvus:acknowledgedDataLoss": acknowledgedDataLoss.config,
  });
  if (!isExplicit) return { config, inputs: config };
  pulumi.runtime.setAllConfig(config);
  const name = `prod${(providers += 1)}`;
  const provider = new Provider(name, {
    address: fake.address,
    ...(protectData.provider !== undefined && { protectData: ARGUMENTS[protectData.provider] }),
    ...(acknowledgedDataLoss.provider !== undefined && {
      acknowledgedDataLoss: acknowledgedDataLoss.provider.split(","),
    }),
  });
  await valueOf(provider.urn);
  return { config, inputs: texts(registered.get(`pulumi-nodejs ${name}`)?.inputs as Texts) };
}

/** As a program gives it. */
const ARGUMENTS: Readonly<Record<string, boolean | "replacements">> = {
  true: true,
  false: false,
  replacements: "replacements",
};

type Judgement = "goes" | "is refused";

const judged = (work: Promise<unknown> | undefined): Promise<Judgement> =>
  Promise.resolve(work).then(
    () => "goes",
    (error: Error) => {
      if (
        !/ holds .* because (milvus:protectData is on|a replacement drops it|it has protectData)/.test(
          error.message,
        )
      )
        throw error;
      return "is refused";
    },
  );

/** Something that is lost, as those ask about it who judge it. */
interface Case {
  readonly id: string;
  /** Whether the collection's own protection counts. */
  readonly isOfCollection?: boolean;
  readonly kind: string;
  readonly operation: "delete" | "replace" | "update" | "delete-replaced";
  readonly old: (own: boolean) => Values;
  readonly wanted?: (own: boolean) => Values;
}

const document = (own: boolean): Values => ({ ...docs, protectData: own });
const inputsOf = ({ collectionId: _, partitionId: __, ...inputs }: Values): Values => inputs;

const CASES: Readonly<Record<string, Case>> = {
  "a collection that is deleted": {
    id: "default/docs",
    isOfCollection: true,
    kind: "Collection",
    operation: "delete",
    old: document,
  },
  "a collection that is replaced in its place": {
    id: "default/docs",
    isOfCollection: true,
    kind: "Collection",
    operation: "replace",
    old: document,
    wanted: (own) => ({ ...inputsOf(document(own)), version: "2" }),
  },
  "a collection that was replaced by an earlier run, which could not drop it": {
    id: "default/docs",
    isOfCollection: true,
    kind: "Collection",
    operation: "delete-replaced",
    old: (own) => ({ ...document(own), declaredAs: "docs" }),
    wanted: () => ({ collectionName: "successor", fields: FIELDS }),
  },
  "a partition that is replaced by another one": {
    id: "default/docs/y1",
    kind: "Partition",
    operation: "replace",
    old: () => y1,
    wanted: () => ({ ...inputsOf(y1), partitionName: "y4" }),
  },
  "a field that is dropped in place": {
    id: "default/docs/fields/year",
    isOfCollection: true,
    kind: "Collection",
    operation: "update",
    old: document,
    wanted: (own) => ({ ...inputsOf(document(own)), fields: FIELDS.filter(({ name }) => name !== "year") }),
  },
  "a partition that is deleted": {
    id: "default/docs/y1",
    kind: "Partition",
    operation: "delete",
    old: () => y1,
  },
  "a partition that leaves a set": {
    id: "default/docs/y2",
    kind: "PartitionSet",
    operation: "update",
    old: () => set,
    wanted: () => ({ ...set, partitionNames: ["y3"] }),
  },
};

/** The real ones, but that nothing goes: the next row needs it. */
const KEEPING: Record<string, unknown> = {};

function keeping(): Record<string, unknown> {
  return Object.fromEntries(
    [collection, partition, partitionSet].map((resource) => [
      resource.kind,
      {
        ...resource,
        update: (_: unknown, old: object) => Promise.resolve(old),
        delete: () => Promise.resolve(),
      },
    ]),
  );
}

type JudgedBy = Readonly<Record<string, Judgement>>;

async function judgements(one: Case, row: Row, world: World): Promise<JudgedBy> {
  const [old, wanted] = [one.old(row.own), one.wanted?.(row.own)];
  const plain = Object.entries(world.inputs).map(([key, value]) => [key.replace("milvus:", ""), value]);
  const provider = () => configured(KEEPING[one.kind], Object.fromEntries(plain) as Texts);
  const report = await reported(one, row, world);
  switch (one.operation) {
    case "delete":
      return {
        delete: await judged((await provider()).delete?.(one.id, old)),
        hook: await judged(lossesOfDeletion(one.kind, old, (key) => world.inputs[`milvus:${key}`])),
        report,
      };
    case "replace":
      return {
        diff: await judged((await provider()).diff?.(one.id, old, wanted)),
        "diff at up": await judged((await atUp(await provider(), old, wanted)).diff?.(one.id, old, wanted)),
        report,
      };
    case "delete-replaced":
      return {
        delete: await judged((await atUp(await provider(), {}, wanted)).delete?.(one.id, old)),
        // Of what protects itself it says that it stays; and by default it only warns, since a destroy looks the same.
        ...(!row.own &&
          protectDataIn(world) !== "replacements" && {
            hook: await judged(lossesOfDeletion(one.kind, old, (key) => world.inputs[`milvus:${key}`], true)),
          }),
        report,
      };
    case "update":
      return {
        diff: await judged((await provider()).diff?.(one.id, old, wanted)),
        update: await judged((await provider()).update?.(one.id, old, wanted)),
        report,
      };
  }
}

function protectDataIn({ inputs }: World): unknown {
  return readSettings((key) => inputs[`milvus:${key}`], environmentOf()).protectData;
}

/** As in a run that is no preview, once it has checked the resource. */
async function atUp(
  provider: Awaited<ReturnType<typeof configured>>,
  olds: Values,
  wanted: Values = {},
): Promise<typeof provider> {
  const sent = { logicalName: "docs", declaration: "run:1:up" };
  const { failures } = (await provider.check?.(olds, { ...wanted, ...sent })) ?? {};
  expect(failures).toEqual([]);
  return provider;
}

/** Whether the setting protects what such a change takes away. */
function isProtected(protectData = "replacements", operation: Case["operation"]): boolean {
  if (protectData !== "replacements") return protectData === "true";
  return operation === "replace" || operation === "delete-replaced";
}

/** The state has the opposite of what counts. */
async function reported(one: Case, row: Row, { config, inputs }: World): Promise<Judgement> {
  const type = "pulumi:providers:pulumi-nodejs";
  const urn = `urn:pulumi:s::p::${type}::${row.isExplicit ? "prod" : "default_3_248_0"}`;
  const opposite = {
    ...inputs,
    "milvus:protectData": isProtected(inputs["milvus:protectData"], one.operation) ? "false" : "true",
    "milvus:acknowledgedDataLoss": inputs["milvus:acknowledgedDataLoss"] === one.id ? "" : one.id,
  };
  const recorded: RecordedProvider = { urn, id: "1", inputs: opposite, resources: ["one that stays"] };
  const preview: Preview = {
    steps: [
      ...(row.isExplicit ? [{ op: "update", urn, newState: { type, inputs } }] : []),
      {
        op: one.operation,
        urn: "urn:one",
        oldState: {
          type: `pulumi-nodejs:dynamic/milvus:${one.kind}`,
          id: one.id,
          provider: `${urn}::1`,
          outputs: one.old(row.own),
        },
        ...(one.wanted && { newState: { type: "", inputs: one.wanted(row.own) } }),
      },
    ],
  };
  const servers = new Servers(plannedProviders([recorded], preview, config), config);
  const report = makeReport({
    changes: await judgeAll(plannedChanges(preview), servers),
    acknowledgedOf: (provider) => servers.acknowledgedOf(provider),
  });
  expect(report.unjudged).toEqual([]);
  const [loss] = report.losses;
  expect([...report.losses, ...report.kept].map(({ id }) => id)).toEqual([one.id]);
  if (loss) expect(loss.acknowledged).toBe(servers.acknowledgedOf(`${urn}::1`).includes(one.id));
  return loss && loss.refusedBecause === undefined ? "goes" : "is refused";
}

const inWords = ({ isExplicit, protectData, acknowledged, own }: Row): string =>
  `${isExplicit ? "explicit" : "default"} provider, protectData ${JSON.stringify(protectData)}` +
  `${own ? " and the collection's own" : ""}, acknowledged ${JSON.stringify(acknowledged)}`;

let made = 0;
afterAll(() => process.stdout.write(`policy: ${ROWS.length} rows, ${made} judgements\n`));

test.each(ROWS.map((row) => [inWords(row), row] as const))("%s", async (_, row) => {
  for (const [what, one] of Object.entries(CASES)) {
    const world = await worldOf(row, one.id);
    const isKept =
      isProtected(counted(row.protectData), one.operation) || (row.own && one.isOfCollection === true);
    const expected = isKept && counted(row.acknowledged) !== ID ? "is refused" : "goes";
    const judgedBy = await judgements(one, row, world);
    made += Object.keys(judgedBy).length;
    const all = Object.fromEntries(Object.keys(judgedBy).map((judge) => [judge, expected]));
    expect({ what, ...judgedBy }).toEqual({ what, ...all });
  }
});

describe("the report", () => {
  const type = "pulumi:providers:pulumi-nodejs";
  const urn = (name: string) => `urn:pulumi:s::p::${type}::${name}`;
  const policyOf = (one: RecordedProvider, preview: Preview, config: Texts) => {
    const planned = plannedProviders([one], preview, { "milvus:address": "today", ...config });
    return new Servers(planned, config).policyOf(`${one.urn}::${one.id}`);
  };
  const recorded = (name: string, inputs: Texts): RecordedProvider => ({
    urn: urn(name),
    id: "1",
    inputs: { "milvus:address": "then", ...inputs },
    resources: ["urn:a", "urn:b"],
  });
  const DELETED = ["urn:a", "urn:b"].map((one) => ({ op: "delete", urn: one }));
  const KNOWN = { "milvus:protectData": "true", "milvus:acknowledgedDataLoss": "default/docs" };

  test("goes by the config of today where the program uses the default provider, also by what is gone from it", () => {
    const one = recorded("default", KNOWN);
    expect(policyOf(one, { steps: DELETED.slice(1) }, {})).toMatchObject({
      protectData: "replacements",
      acknowledgedDataLoss: [],
    });
    const created = { op: "create", urn: "urn:c", newState: { type: "", provider: `${urn("default")}::1` } };
    expect(policyOf(one, { steps: [...DELETED, created] }, {})).toMatchObject({ acknowledgedDataLoss: [] });
  });

  test("goes by what the last up recorded where the program has none of its resources any more", () => {
    const one = recorded("default_3_248_0", {});
    expect(policyOf(one, { steps: DELETED }, KNOWN)).toMatchObject({
      protectData: "replacements",
      acknowledgedDataLoss: [],
    });
  });

  test.each<[string, string | undefined, readonly string[]]>([
    ["what the program gives it now", "default/other", ["default/other"]],
    ["nothing that is not known yet", "04da6b54-80e4-46f7-96ec-b56ff0331ba9", []],
    ["nothing that the program does not say any more", undefined, []],
    ["the state where the preview hides it as a secret", "[secret]", ["default/docs"]],
  ])("takes of an explicit Provider %s", (_, acknowledged, expected) => {
    const one = recorded("prod", { "milvus:explicit": "true", ...KNOWN });
    const inputs = { "milvus:protectData": "true", "milvus:acknowledgedDataLoss": acknowledged };
    const steps = [{ op: "update", urn: one.urn, newState: { type, inputs } }];
    expect(policyOf(one, { steps }, {})).toMatchObject({ protectData: true, acknowledgedDataLoss: expected });
  });

  test.each(["prod", "default"])(
    "takes of the explicit Provider %s that is gone what is recorded",
    (name) => {
      const one = recorded(name, { "milvus:explicit": "true", ...KNOWN });
      expect(policyOf(one, { steps: [{ op: "delete", urn: one.urn }, ...DELETED] }, {})).toMatchObject({
        protectData: true,
        acknowledgedDataLoss: ["default/docs"],
      });
    },
  );

  describe("over the plugin, which reads stack config in every run,", () => {
    const overPlugin = (name: string, inputs: Texts): RecordedProvider => {
      const one = recorded(name, inputs);
      return { ...one, urn: one.urn.replace("pulumi-nodejs", "milvus") };
    };

    test("goes by the config of today also where the program has none of its resources any more", () => {
      expect(policyOf(overPlugin("default_0_1_0", {}), { steps: DELETED }, KNOWN)).toMatchObject({
        protectData: true,
        acknowledgedDataLoss: ["default/docs"],
      });
    });

    test("gives an explicit Provider what it does not say itself", () => {
      const one = overPlugin("prod", { "milvus:protectData": "false" });
      expect(policyOf(one, { steps: [] }, KNOWN)).toMatchObject({
        protectData: false,
        acknowledgedDataLoss: ["default/docs"],
      });
    });
  });
});

test("an explicit Provider gets its policy from the environment, and its address never", () => {
  const environment = { MILVUS_PROTECT_DATA: "true", MILVUS_ADDRESS: "env.example.com" };
  const read = (inputs: Texts) =>
    readSettings((name) => ({ explicit: "true", ...inputs })[name as "explicit"], environmentOf(environment));
  expect(read({ address: "a" }).protectData).toBe(true);
  expect(read({ address: "a", protectData: "false" }).protectData).toBe(false);
  expect(() => read({})).toThrow("no Milvus address");
});

describe("a misspelt setting", () => {
  test.each([
    ["MILVUS_PROTECTDATA", "MILVUS_PROTECT_DATA"],
    ["milvus_protect_data", "MILVUS_PROTECT_DATA"],
    ["MILVUS_PROTECT_DAT", "MILVUS_PROTECT_DATA"],
    ["MILVUS_ACKNOWLEDGE_DATA_LOSS", "MILVUS_ACKNOWLEDGED_DATA_LOSS"],
    ["MILVUS_USER_NAME", "MILVUS_USERNAME"],
  ])("of the environment, %s, is refused", async (name, meant) => {
    expect(() => environmentOf({ [name]: "true" })).toThrow(
      `there is an environment variable ${name}, and no such setting; did you mean ${meant}?`,
    );
    process.env[name] = "true";
    try {
      const { failures = [] } = (await (await configured(partition, { address: "a" })).check?.({}, {})) ?? {};
      expect(failures.map(({ reason }) => reason)).toContainEqual(expect.stringContaining(meant));
      await expect(lossesOfDeletion("Partition", y1, () => "a")).rejects.toThrow(meant);
      expect(() => new Servers(new Map(), { "milvus:address": "a" }).policyOf(undefined)).toThrow(meant);
    } finally {
      delete process.env[name];
    }
  });

  test("is not what other tools may have in the environment", () => {
    const others = { MILVUS_URI: "a", MILVUS_TOKEN_FILE: "b", MILVUS_ADDRESS_2: "c", PROTECT_DATA: "d" };
    expect(environmentOf(others)("MILVUS_URI")).toBe("a");
  });

  test.each([
    ["protectdata", 'no such argument; did you mean "protectData"?'],
    ["acknowledgeDataLoss", 'did you mean "acknowledgedDataLoss"?'],
    ["previewDeletes", "Known are address, username"],
  ])("of a Provider, %s, is refused", (name, expected) => {
    const args = { address: "a", [name]: "true" };
    expect(() => new Provider("prod", args)).toThrow(expected);
  });

  test("of a collection is refused", async () => {
    const provider = await configured(collection, { address: "a" });
    const inputs = { collectionName: "docs", fields: FIELDS, protectdata: true };
    const { failures = [] } = (await provider.check?.({}, inputs)) ?? {};
    expect(failures.map(({ reason }) => reason)).toContainEqual(
      expect.stringContaining('did you mean "protectData"?'),
    );
  });
});
