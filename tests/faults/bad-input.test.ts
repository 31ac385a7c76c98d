/**
 * Hundreds of wrong programs: each is an error of check that names the input and the rule, before anything is asked of
 * a server; none crashes the provider or shows a secret, an unknown value or a control character.
 */
import * as fc from "fast-check";

import { checked, UNKNOWN, type AnyResource, type Values, configured } from "../support/declared";
import { type CountingListener, countingListener } from "./support/middleboxes";
import { full, seedOr, tried } from "./support/tally";
import {
  BAD_NAMES,
  badNamesFor,
  type Input,
  INPUTS,
  isName,
  nested,
  POLLUTING_KEYS,
  RESOURCES,
  SOUND,
  typeOf,
  valuesOfOtherTypes,
  withKey,
} from "./support/wrong-inputs";

let listener: CountingListener;
const addressBefore = process.env["MILVUS_ADDRESS"];

beforeAll(async () => {
  listener = await countingListener();
  process.env["MILVUS_ADDRESS"] = listener.address;
});

afterAll(async () => {
  delete process.env["MILVUS_ADDRESS"];
  if (addressBefore !== undefined) process.env["MILVUS_ADDRESS"] = addressBefore;
  await listener.close();
});

afterEach(() => expect(listener.connections()).toBe(0));

const RULE =
  /must |may be|is not one of|there is no such input|is required|has letters, digits and underscores only|needs at least|is no |is the name of|cannot be|is only for|have at most|has no |at most/;
/** What a terminal obeys, or what makes text read as it is not. */
const CONTROL = /[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

/** The reasons of the failures, each of which stands for itself on a terminal. */
async function reasonsOf(resource: AnyResource, inputs: Values): Promise<readonly string[]> {
  const { failures } = await checked(resource, inputs);
  for (const { property, reason } of failures) {
    // The engine would print the value of a property that it is given.
    expect(property).toBe("");
    expect(reason).not.toMatch(CONTROL);
    expect(reason).not.toContain(UNKNOWN);
    expect(reason.length).toBeLessThan(1_000);
  }
  return failures.map(({ reason }) => reason);
}

async function expectRefused(resource: AnyResource, inputs: Values, at: string, rule = RULE): Promise<void> {
  const reasons = await reasonsOf(resource, inputs);
  expect({ at, reasons, told: reasons.some((reason) => reason.startsWith(at) && rule.test(reason)) }).toEqual(
    {
      at,
      reasons,
      told: true,
    },
  );
}

const short = (value: unknown): string => {
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
  return text.length > 40 ? `${text.slice(0, 37)}... (${text.length})` : text;
};

const called = ({ resource, path }: Input): string => `${resource.kind} ${path}`;

/** What was found wrong in any of the cases, all of them. */
async function each<Case>(
  kind: string,
  cases: readonly Case[],
  name: (one: Case) => string,
  run: (one: Case) => Promise<void>,
): Promise<void> {
  const wrong: string[] = [];
  for (const one of cases)
    await tried(`bad input: ${kind}`, name(one), () => run(one)).catch((error: unknown) => {
      wrong.push(`${name(one)}: ${(error as Error).message.slice(0, 600)}`);
    });
  expect(wrong).toEqual([]);
  expect(cases.length).toBeGreaterThan(0);
}

test.each(INPUTS.map((input) => [called(input), input] as const))(
  "%s refuses values of other types",
  (_, input) =>
    each(
      "wrong type",
      valuesOfOtherTypes(input),
      (value) => `${called(input)} = ${short(value)}`,
      (value) => expectRefused(input.resource, input.put(value), input.at),
    ),
);

test.each(INPUTS.filter(isName).map((input) => [called(input), input] as const))(
  "%s refuses what is no name",
  (_, input) =>
    each(
      "names",
      badNamesFor(input),
      (name) => `${called(input)} = ${short(name)}`,
      (name) => expectRefused(input.resource, input.put(name), input.at),
    ),
);

test("one character of another alphabet is pointed out", async () => {
  const [reason] = await reasonsOf(RESOURCES.collection, {
    ...SOUND.collection,
    collectionName: "docum\u0435nts",
  });
  expect(reason).toContain('"\u0435" in it is U+0435');
});

describe("An input that there is not", () => {
  const misspelt = (name: string): string[] => [
    name.slice(0, -1),
    `${name}s`,
    name.toUpperCase(),
    `${name[0]}_${name.slice(1)}`,
  ];
  /** Parameters of indexes are taken whatever their names are, and names one letter long resemble nothing. */
  const closed = INPUTS.filter(
    ({ path }) => !path.startsWith("params.") && !/declaredCollection|collection(Id|Name)/.test(path),
  );

  test.each(closed.map((input) => [called(input), input] as const))(
    "such as a misspelt %s is refused",
    (_, input) => {
      const [, name = ""] = /(\w+)$/.exec(input.path) ?? [];
      const known = new Set(INPUTS.map(({ path }) => /(\w+)$/.exec(path)?.[1]));
      return each(
        "misspelt",
        misspelt(name).filter((wrong) => !known.has(wrong)),
        (wrong) => `${called(input)}: ${wrong}`,
        (wrong) => {
          const at = input.at.replace(/\w+$/, wrong);
          return expectRefused(
            input.resource,
            placed(input, wrong),
            at,
            /there is no such input; did you mean ".+"\? Known are /,
          );
        },
      );
    },
  );

  test("is refused whatever it is called", () =>
    each(
      "unknown input",
      [
        ...BAD_NAMES.filter((name) => name !== ""),
        ...POLLUTING_KEYS,
        "collectionId",
        "__provider2",
        "provider",
        "id",
        "urn",
      ],
      short,
      async (name) => {
        const reasons = await reasonsOf(RESOURCES.collection, {
          ...SOUND.collection,
          ...withKey(name, { polluted: true }),
        });
        expect(reasons).toEqual([expect.stringMatching(/^.+: there is no such input/)]);
        expect({}).not.toHaveProperty("polluted");
      },
    ));

  test("is refused inside a field too, and pollutes nothing", () =>
    each("polluting keys", POLLUTING_KEYS, short, async (key) => {
      const field = { name: "more", dataType: "Int64", ...withKey(key, { polluted: true }) };
      const reasons = await reasonsOf(RESOURCES.collection, {
        ...SOUND.collection,
        fields: [...SOUND.collection.fields, field],
      });
      expect(reasons).toEqual([expect.stringMatching(/^fields\[2\]\..+: there is no such input/)]);
      expect({}).not.toHaveProperty("polluted");
    }));
});

/** The same inputs with the one of the table under another name. */
function placed(input: Input, name: string): Values {
  const marker = "the value";
  const [, declared = ""] = /(\w+)$/.exec(input.path) ?? [];
  const text = JSON.stringify(input.put(marker)).replace(
    `"${declared}":"${marker}"`,
    `"${name}":"${marker}"`,
  );
  return JSON.parse(text) as Values;
}

describe("One past each boundary", () => {
  const field = (more: Values): Values => ({
    ...SOUND.collection,
    fields: [...SOUND.collection.fields, { name: "more", ...more }],
  });
  const vector = (dataType: string, dim: number): Values => field({ dataType, dim });
  const inIndex = (params: Values): Values => ({ ...SOUND.index, params });
  const { collection, index } = RESOURCES;
  const CASES: readonly (readonly [AnyResource, Values, at: string])[] = [
    ...["FloatVector", "Float16Vector", "BFloat16Vector", "Int8Vector"].flatMap((type) =>
      [0, 32_769].map((dim) => [collection, vector(type, dim), "fields[2].dim"] as const),
    ),
    ...[0, 4, 7, 9, 262_145, 262_152].map(
      (dim) => [collection, vector("BinaryVector", dim), "fields[2].dim"] as const,
    ),
    [collection, vector("SparseFloatVector", 1), "fields[2].dim"],
    ...[0, 65_536].map(
      (maxLength) => [collection, field({ dataType: "VarChar", maxLength }), "fields[2].maxLength"] as const,
    ),
    ...[0, 4_097].map(
      (maxCapacity) =>
        [
          collection,
          field({ dataType: "Array", elementType: "Int64", maxCapacity }),
          "fields[2].maxCapacity",
        ] as const,
    ),
    ...[
      ["Int8", 128],
      ["Int8", -129],
      ["Int16", 32_768],
      ["Int16", -32_769],
      ["Int32", 2 ** 31],
      ["Int32", -(2 ** 31) - 1],
      ["Int64", "9223372036854775808"],
      ["Int64", "-9223372036854775809"],
    ].map(
      ([dataType, defaultValue]) =>
        [collection, field({ dataType, defaultValue }), "fields[2].defaultValue"] as const,
    ),
    ...[0, 17].map((shardsNum) => [collection, { ...SOUND.collection, shardsNum }, "shardsNum"] as const),
    ...[0, 4_097].map(
      (numPartitions) => [collection, { ...SOUND.collection, numPartitions }, "numPartitions"] as const,
    ),
    [collection, { ...SOUND.collection, fields: [] }, "fields"],
    ...["create", "update", "delete"].flatMap((name) =>
      Object.values(RESOURCES).map((resource) => {
        const sound = Object.values(SOUND)[Object.values(RESOURCES).indexOf(resource)];
        return [resource, { ...sound, timeouts: { [name]: 0 } }, `timeouts.${name}`] as const;
      }),
    ),
    ...Object.entries({
      M: [0, 2_049],
      efConstruction: [0],
      nlist: [0, 65_537],
      m: [0],
      nbits: [0, 65],
      drop_ratio_build: [-0.001, 1.001],
    }).flatMap(([name, values]) =>
      values.map((value) => [index, inIndex({ [name]: value }), `params.${name}`] as const),
    ),
  ];

  test("is refused", () =>
    each(
      "boundary",
      CASES.map(([resource, inputs, at]) => ({ resource, inputs, at })),
      ({ resource, inputs, at }) => `${resource.kind} ${at} in ${short(inputs)}`,
      ({ resource, inputs, at }) => expectRefused(resource, inputs, at),
    ));
});

describe("Shapes that nobody expects", () => {
  const withFields = (fields: unknown): Values => ({ ...SOUND.collection, fields });
  const [id, vector] = SOUND.collection.fields;
  const sparse: unknown[] = [id, vector];
  sparse[5] = { name: "far", dataType: "Int64" };
  const many = (count: number, make: (at: number) => Values): Values =>
    withFields([id, vector, ...Array.from({ length: count }, (_, at) => make(at))]);
  const { collection, partition, index } = RESOURCES;

  const CASES: Readonly<Record<string, readonly [AnyResource, Values, at: string]>> = {
    // As the engine sends it: what was left out of a list is null.
    "a sparse list": [collection, withFields(JSON.parse(JSON.stringify(sparse))), "fields[2]"],
    "a null among the fields": [collection, withFields([id, null, vector]), "fields[1]"],
    "a field that is all nulls": [
      collection,
      withFields([id, vector, { name: null, dataType: null }]),
      "fields[2].name",
    ],
    "nulls for all that is required": [collection, { collectionName: null, fields: null }, "fields"],
    "a null in properties": [collection, { ...SOUND.collection, properties: { a: null } }, "properties.a"],
    "a list in properties": [collection, { ...SOUND.collection, properties: { a: [] } }, "properties.a"],
    "NaN in properties": [collection, { ...SOUND.collection, properties: { a: NaN } }, "properties.a"],
    "Infinity in parameters": [
      index,
      { ...SOUND.index, params: { refine: { k: [Infinity] } } },
      "params.refine",
    ],
    "NaN as a default": [
      collection,
      withFields([id, vector, { name: "more", dataType: "Float", defaultValue: NaN }]),
      "fields[2].defaultValue",
    ],
    "nesting in parameters": [index, { ...SOUND.index, params: { a: nested(60) } }, "params"],
    "deep nesting in parameters": [index, { ...SOUND.index, params: { a: nested(100_000) } }, "params"],
    "deep nesting in a name": [
      partition,
      { ...SOUND.partition, partitionName: nested(100_000) },
      "partitionName",
    ],
    "deep nesting in an input that there is not": [
      partition,
      { ...SOUND.partition, what: nested(100_000) },
      "what",
    ],
    "deep nesting in an input with a name that a terminal obeys": [
      partition,
      { ...SOUND.partition, ["\u001b".repeat(10_000)]: nested(60) },
      '"\\u001b',
    ],
    "deep nesting in a field": [
      collection,
      withFields([
        id,
        vector,
        { name: "more", dataType: "VarChar", maxLength: 9, analyzerParams: { a: nested(100_000) } },
      ]),
      "fields",
    ],
    "two fields of one name": [collection, withFields([id, vector, vector]), "fields[2].name"],
    "a thousand fields of one name": [
      collection,
      many(1_000, () => ({ name: "same", dataType: "Int64" })),
      "fields[3].name",
    ],
    "fifty thousand wrong fields": [
      collection,
      many(50_000, (at) => ({ name: `f${at}`, dataType: "VarChar" })),
      "fields[2].maxLength",
    ],
    "ten thousand inputs that there are not": [
      partition,
      {
        ...Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`x${at}`, at])),
        ...SOUND.partition,
      },
      "x0",
    ],
    "fields that are a text of JSON": [collection, withFields(JSON.stringify([id, vector])), "fields"],
    "a field with a type like an object's member": [
      collection,
      withFields([id, vector, { name: "more", dataType: "constructor" }]),
      "fields[2].dataType",
    ],
    "an index type like an object's member": [
      index,
      {
        ...SOUND.index,
        indexType: "constructor",
        declaredCollection: { fieldTypes: { embedding: "FloatVector" } },
      },
      "indexType",
    ],
    "an index on a field like an object's member": [
      index,
      {
        ...SOUND.index,
        fieldName: "constructor",
        declaredCollection: { fieldTypes: { embedding: "FloatVector" } },
      },
      "fieldName",
    ],
  };

  test("are refused, and in time", () =>
    each(
      "odd shapes",
      Object.entries(CASES),
      ([name]) => name,
      async ([, [resource, inputs, at]]) => {
        const started = Date.now();
        await expectRefused(resource, inputs, at);
        expect(Date.now() - started).toBeLessThan(5_000);
      },
    ));

  test("of a field are left to the check of its collection", async () => {
    const declaredCollection = { fieldTypes: { embedding: "constructor" } };
    expect(
      await reasonsOf(index, { ...SOUND.index, indexType: "HNSW", metricType: "L2", declaredCollection }),
    ).toEqual([]);
  });

  test("do not bury the first problems under thousands of others", async () => {
    const reasons = await reasonsOf(collection, CASES["fifty thousand wrong fields"]?.[1] ?? {});
    expect(reasons).toHaveLength(51);
    expect(reasons.at(-1)).toBe("and 49950 more problems, which are reported once these are fixed");
  });
});

describe("A value that is not known yet", () => {
  const around: readonly ((value: unknown) => unknown)[] = [
    (value) => value,
    (value) => [value],
    (value) => ({ inner: value }),
    (value) => [[{ inner: [value] }]],
  ];

  test("is never shown, wherever it is and whatever else is wrong", () =>
    each(
      "unknown values",
      INPUTS.flatMap((input) => around.map((wrap, at) => ({ input, value: wrap(UNKNOWN), at }))),
      ({ input, at }) => `${called(input)}, ${at} deep`,
      // What is around it may be wrong; reasonsOf looks for the value itself.
      async ({ input, value, at }) => {
        const reasons = await reasonsOf(input.resource, { ...input.put(value), unheardOf: UNKNOWN });
        expect(reasons[0]).toMatch(/^unheardOf: there is no such input/);
        if (at === 0) expect(reasons).toHaveLength(1);
      },
    ));
});

describe("A secret", () => {
  const SECRETS = [
    "S3CRET-pass phrase",
    "S3CRET_that_is_a_name",
    'S3CRET "quoted" \\ and\nbroken',
    "S3CRET\u001b[31m\u202e",
    `S3CRET${"-long".repeat(100)}`,
    87_654_321,
    -876_543.21,
    { inner: "S3CRET-inner" },
    ["S3CRET-element", [{ deep: "S3CRET-deep" }]],
  ];
  /** `fields[2].name` as the SDK tells it. */
  const pathOf = (at: string) =>
    at
      .split(/[.[\]]+/)
      .filter(Boolean)
      .map((step) => (/^\d+$/.test(step) ? Number(step) : step));

  test("is never shown, whichever input it is put in", () =>
    each(
      "secrets",
      INPUTS.flatMap((input) => SECRETS.map((value) => ({ input, value }))),
      ({ input, value }) => `${called(input)} = ${short(value)}`,
      async ({ input, value }) => {
        const news = { ...input.put(value), secretInputs: [pathOf(input.at)] };
        const reasons = await reasonsOf(input.resource, news);
        expect(reasons.join("\n")).not.toMatch(/S3CRET|87654321|876543/);
        const whole = { ...input.put(value), secretInputs: [pathOf(input.at).slice(0, 1)] };
        expect((await reasonsOf(input.resource, whole)).join("\n")).not.toMatch(/S3CRET|87654321|876543/);
      },
    ));

  test("cannot be a name that stands in an id", () =>
    each(
      "secrets as names",
      INPUTS.filter(({ property }) => property.inId),
      called,
      async (input) => {
        const news = { ...input.put("S3CRET_that_is_a_name"), secretInputs: [[input.path]] };
        const reasons = await reasonsOf(input.resource, news);
        expect(reasons).toEqual([
          expect.stringMatching(
            /^\w+: cannot be a secret, because it stands in ids, logs and errors: .* pulumi\.unsecret$/,
          ),
        ]);
      },
    ));

  test.each([5, "x", {}, [5], [null], ["description"], [[]], [[["a"]]], [["__proto__", "constructor"]]])(
    "is looked for without a crash where the program says %j of secrets",
    async (secretInputs) => {
      expect(await reasonsOf(RESOURCES.collection, { ...SOUND.collection, secretInputs })).toEqual([]);
    },
  );
});

describe("Settings", () => {
  const SECRET = "S3CRET-token";
  const CASES: readonly (readonly [name: string, value: string, rule: RegExp])[] = [
    ...[
      `https://user:${SECRET}@host:19530`,
      `${SECRET}@host`,
      `http://host:19530/?token=${SECRET}`,
      `http://host:19530/${SECRET}`,
      `host:19530#${SECRET}`,
      `ftp://${SECRET}:19530`,
      "host:0",
      "host:65536",
      "host:99999",
      "host:-1",
      "host:port",
      "host:19530:19530",
      ":19530",
      "https://",
      "a host:19530",
      "host\u0000:19530",
      "\u001b[31mhost:19530",
      "\u202ehost:19530",
      "host;reboot name:1",
      "[::1",
    ].map((value) => ["address", value, /the Milvus address must be HOST, HOST:PORT/] as const),
    ...["{", "yes", "1", "null", `"${SECRET}"`, "TRUE", `{"caCertPath": "${SECRET}"`].map(
      (value) => ["tls", value, /milvus:tls must be true, false or an object/] as const,
    ),
    ...["yes", "1", "TRUE", SECRET].map(
      (value) => ["protectData", value, /milvus:protectData must be replacements, true or false/] as const,
    ),
    ...["[", "[5]", `["${SECRET}", null]`, `["${SECRET}"`].map(
      (value) =>
        ["acknowledgedDataLoss", value, /milvus:acknowledgedDataLoss must be a list of ids/] as const,
    ),
    ...[`bad-${SECRET}`, "a/b", "1st", "d".repeat(256), "\u001b[31m", "'; --"].map(
      (value) => ["database", value, /milvus:database must be the name of a database/] as const,
    ),
    ["username", "somebody", /username and password go together/],
    ["password", SECRET, /username and password go together/],
  ];

  test("that are wrong are told by check, without what they are", () =>
    each(
      "settings",
      CASES,
      ([name, value]) => `${name} = ${short(value)}`,
      async ([name, value, rule]) => {
        const provider = await configured(RESOURCES.partition, {
          address: listener.address,
          token: SECRET,
          [name]: value,
        });
        const { failures } = (await provider.check?.({}, SOUND.partition)) ?? {};
        expect(failures).toEqual([{ property: "", reason: expect.stringMatching(rule) as string }]);
        const [{ reason } = { reason: "" }] = failures ?? [];
        expect(reason).not.toContain("S3CRET");
        expect(reason).not.toMatch(CONTROL);
        await expect(provider.create({ ...SOUND.partition, timeouts: { create: 1 } })).rejects.toThrow(rule);
      },
    ));

  test("without an address are told when one is needed", async () => {
    delete process.env["MILVUS_ADDRESS"];
    const provider = await configured(RESOURCES.partition, { token: SECRET });
    expect(await provider.check?.({}, SOUND.partition)).toMatchObject({ failures: [] });
    await expect(provider.create(SOUND.partition)).rejects.toThrow(/no Milvus address: set it with/);
    process.env["MILVUS_ADDRESS"] = listener.address;
  });
});

describe("Whatever a program holds,", () => {
  const seed = seedOr(1);
  const numRuns = full ? 5_000 : 300;
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.string({ unit: "binary" }),
    fc.double(),
    fc.constantFrom(UNKNOWN, [UNKNOWN], { a: UNKNOWN }, "__proto__", -0, 2 ** 53),
  );

  beforeAll(() => void process.stdout.write(`\nbad input: PULUMI_MILVUS_SEED=${seed}\n`));

  /** Whether a value is of the type that programs see, as far as that is plain. */
  function fits({ property }: Input, value: unknown): boolean {
    const type = typeOf(property);
    if (value === null || JSON.stringify(value).includes(UNKNOWN)) return true;
    if (type === "string") return typeof value === "string";
    if (type === "number") return typeof value === "number" && Number.isFinite(value);
    if (type === "boolean") return typeof value === "boolean";
    if (type === "string | number | boolean") return typeof value !== "object";
    if (type.startsWith('"')) return type.includes(JSON.stringify(value));
    return typeof value === "object" && Array.isArray(value) === type.endsWith("[]");
  }

  test("check says what is wrong, and never breaks", () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom(...INPUTS), anything, async (input, value) => {
        const inputs = input.put(value);
        if (fits(input, value)) return void (await reasonsOf(input.resource, inputs));
        await tried("bad input: generated", `${called(input)} = ${short(value)} (seed ${seed})`, () =>
          expectRefused(input.resource, inputs, input.at),
        );
      }),
      { seed, numRuns },
    ));

  test("an input that there is not is refused, whatever its name and value", () => {
    const known = new Set(INPUTS.map(({ path }) => path));
    const name = fc
      .string({ unit: "binary", minLength: 1 })
      .filter((one) => !known.has(one) && one !== "__proto__");
    return fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(["collection", "partition", "index"] as const)),
        name,
        anything,
        async (kind, key, value) => {
          await tried("bad input: generated", `${kind}: ${short(key)} (seed ${seed})`, async () => {
            const reasons = await reasonsOf(RESOURCES[kind], {
              ...SOUND[kind],
              ...withKey(key, value ?? null),
            });
            expect(reasons).toEqual([expect.stringMatching(/there is no such input|nested/)]);
          });
        },
      ),
      { seed, numRuns },
    );
  });

  test("many inputs at once break nothing", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(RESOURCES)),
        fc.uniqueArray(fc.tuple(fc.constantFrom(...INPUTS), anything), { maxLength: 6 }),
        async (resource, pairs) => {
          const inputs = Object.assign({}, ...pairs.map(([input, value]) => input.put(value))) as Values;
          await reasonsOf(resource, inputs);
        },
      ),
      { seed, numRuns },
    ));
});
