/** The adapter between the engine and a resource, with a resource that needs no server. */
import { type Property, required } from "../../provider/core/properties";
import { type Resource, Unfinished } from "../../provider/core/resource";
import { printable } from "../../provider/core/printable";
import { flag, string } from "../../provider/core/shapes";
import { dynamicProvider } from "../../provider/engines/dynamic";
import type { Milvus } from "../../provider/milvus/gateway";
import { Run } from "../../provider/run";
import { configured, UNKNOWN } from "../support/declared";

interface Inputs {
  readonly thingName: string;
  readonly databaseName?: string;
  readonly wait?: boolean;
  readonly password?: string;
}

const property = (more: Partial<Property> = {}): Property => ({
  ...required(string(), { doc: "", change: "replace" }),
  required: false,
  ...more,
});

const thing: Resource<Milvus, Inputs, Inputs> = {
  kind: "Thing",
  doc: "",
  example: [],
  inputs: {
    thingName: property({ required: true }),
    databaseName: property(),
    wait: property({ shape: flag(), change: "ignore", inputOnly: true }),
    password: property({ change: "update", secret: true }),
  },
  outputs: {},
  nameInput: "thingName",
  describe: ({ thingName }) => `thing ${thingName}`,
  id: ({ databaseName, thingName }) => `${databaseName}/${thingName}`,
  fromId: (id) => ({ thingName: id.split("/")[1] ?? "" }),
  sameName: () => true,
  list: () => Promise.resolve([]),
  read: (_, { thingName = "" }) =>
    thingName === "broken"
      ? Promise.reject(new Error("connect ECONNREFUSED"))
      : Promise.resolve(thingName === "gone" ? undefined : { thingName, databaseName: "read" }),
  create: (_, wanted) => {
    if (wanted.thingName === "unfinished") throw new Unfinished(wanted, "still being built");
    if (wanted.thingName === "broken") throw new Error("it broke");
    return Promise.resolve(wanted);
  },
  update: (_, old, wanted) => {
    if (wanted.thingName === "unfinished") throw new Unfinished(wanted, "still being built");
    return Promise.resolve({ ...old, ...wanted });
  },
  delete: (_, { thingName }) =>
    thingName === "broken" ? Promise.reject(new Error("it broke")) : Promise.resolve(),
};

const CONFIG = { address: "127.0.0.1:1", database: "app" };
const HANDLER = "exports.handler = ...";

async function thrownBy(work: Promise<unknown> | undefined): Promise<Error & Record<string, unknown>> {
  return (await work?.then(
    () => new Error("nothing was thrown"),
    (error: unknown) => error,
  )) as Error & Record<string, unknown>;
}

describe("create", () => {
  test("answers with the id and the outputs: no handler of its own, nothing that only steers", async () => {
    const provider = await configured(thing, CONFIG);
    expect(await provider.create?.({ thingName: "a", wait: false, __provider: HANDLER })).toEqual({
      id: "app/a",
      outs: { thingName: "a", databaseName: "app" },
    });
  });

  test("of what exists but is not finished keeps it in the state, handler included, and says why", async () => {
    const provider = await configured(thing, CONFIG);
    const error = await thrownBy(provider.create?.({ thingName: "unfinished", __provider: HANDLER }));
    expect(error).toMatchObject({
      message: "still being built",
      id: "app/unfinished",
      properties: { thingName: "unfinished", databaseName: "app", __provider: HANDLER },
      reasons: ["still being built"],
    });
  });

  test("that fails otherwise keeps nothing in the state", async () => {
    const provider = await configured(thing, CONFIG);
    const error = await thrownBy(provider.create?.({ thingName: "broken", __provider: HANDLER }));
    expect(error.message).toBe("it broke");
    expect(error).not.toHaveProperty("properties");
  });
});

describe("update", () => {
  test("answers with the new outputs", async () => {
    const provider = await configured(thing, CONFIG);
    const olds = { thingName: "a", databaseName: "app", __provider: HANDLER };
    expect(await provider.update?.("app/a", olds, { thingName: "b", __provider: HANDLER })).toEqual({
      outs: { thingName: "b", databaseName: "app" },
    });
  });

  test("that is not finished keeps the id, which an update cannot change", async () => {
    const provider = await configured(thing, CONFIG);
    const error = await thrownBy(
      provider.update?.("app/old", { thingName: "a" }, { thingName: "unfinished" }),
    );
    expect(error).toMatchObject({ id: "app/old", reasons: ["still being built"] });
  });
});

describe("read", () => {
  test("of an id alone starts from the names in it", async () => {
    const provider = await configured(thing, CONFIG);
    expect(await provider.read?.("app/a", {})).toEqual({
      id: "app/a",
      props: { thingName: "a", databaseName: "read" },
    });
  });

  test("goes by the names in the state rather than by the id, which stays", async () => {
    const provider = await configured(thing, CONFIG);
    const result = await provider.read?.("app/before", { thingName: "after", __provider: HANDLER });
    expect(result).toMatchObject({ id: "app/before", props: { thingName: "after" } });
  });

  test("says that it is gone only when the server says so", async () => {
    const provider = await configured(thing, CONFIG);
    const recorded = { thingName: "gone", __provider: HANDLER };
    expect(await provider.read?.("app/gone", recorded)).toEqual({});
    expect((await thrownBy(provider.read?.("app/broken", {}))).message).toBe("connect ECONNREFUSED");
  });

  test("of an id alone that is not there fails, and names it", async () => {
    const provider = await configured(thing, CONFIG);
    for (const props of [{}, { __provider: HANDLER }])
      expect((await thrownBy(provider.read?.("app/gone", props))).message).toBe(
        'Thing: there is no object with the id "app/gone" on Milvus at 127.0.0.1:1. Check the id, or declare the object to ' +
          "have it made",
      );
  });
});

describe("an error", () => {
  test.each(["read", "create", "delete"] as const)(
    "of %s shows its message and no stack of this package",
    async (name) => {
      const provider = await configured(thing, CONFIG);
      const values = { thingName: "broken" };
      const error = await thrownBy(
        name === "create"
          ? provider.create?.(values)
          : name === "read"
            ? provider.read?.("app/broken", values)
            : provider.delete?.("app/broken", values),
      );
      expect(error.message).not.toBe("");
      expect(error.stack).not.toMatch(/ at /);
    },
  );
});

describe("an input that is a secret", () => {
  const call = async (name: "diff" | "create" | "update" | "read" | "delete", password: string) => {
    const provider = await configured(thing, CONFIG);
    const values = { thingName: "broken", password };
    const calls = {
      diff: () => provider.diff?.("app/broken", values, { thingName: "broken", password: "another_one" }),
      create: () => provider.create?.(values),
      update: () =>
        provider.update?.("app/broken", values, { thingName: "unfinished", password: "another_one" }),
      read: () => provider.read?.("app/broken", values),
      delete: () => provider.delete?.("app/broken", values),
    };
    await calls[name]()?.catch(() => undefined);
  };

  test.each(["diff", "create", "update", "read", "delete"] as const)(
    "is shown nowhere once %s has heard it, from the state or from the program",
    async (name) => {
      const password = `heard_in_${name}_4711`;
      expect(printable(`it is ${password}`)).toContain(password);
      await call(name, password);
      expect(printable(`it is ${password}`)).toBe("it is [secret]");
    },
  );

  test("is kept in the state, since a change of it may need the old one", async () => {
    const provider = await configured(thing, CONFIG);
    expect((await provider.create?.({ thingName: "a", password: "kept_in_state" }))?.outs).toMatchObject({
      password: "kept_in_state",
    });
  });
});

describe("settings", () => {
  test("that are missing are an error of each call, not of configure", async () => {
    const address = process.env["MILVUS_ADDRESS"];
    delete process.env["MILVUS_ADDRESS"];
    try {
      const provider = await configured(thing, {});
      for (let time = 0; time < 2; time++)
        expect((await thrownBy(provider.create?.({ thingName: "a" }))).message).toMatch(/no Milvus address/);
      // What names its database and asks no server works all the same.
      const inputs = { thingName: "a", databaseName: "app" };
      expect(await provider.diff?.("app/a", inputs, inputs)).toMatchObject({ changes: false });
    } finally {
      if (address !== undefined) process.env["MILVUS_ADDRESS"] = address;
    }
  });

  test("are there at once: a call may come before configure is done", async () => {
    const provider = dynamicProvider(thing);
    const done = provider.configure?.({
      config: { get: (name) => (name === "milvus:address" ? "127.0.0.1:1" : undefined), require: () => "" },
    });
    expect(await provider.create?.({ thingName: "a" })).toMatchObject({ id: "default/a" });
    await done;
  });

  test("may be objects, as `pulumi config set --path` makes them", async () => {
    const provider = dynamicProvider(thing);
    const config: Record<string, unknown> = {
      "milvus:address": "127.0.0.1:1",
      "milvus:tls": { serverName: 5 },
    };
    await provider.configure?.({ config: { get: (name) => config[name] as string, require: () => "" } });
    expect(await provider.create?.({ thingName: "a" })).toMatchObject({ id: "default/a" });
  });
});

describe("deleting what another resource of the program declares", () => {
  /** To drop it is an error. */
  const state = { thingName: "broken", databaseName: "app" };
  const check = (provider: ReturnType<typeof dynamicProvider>, olds: object, news: object) =>
    provider.check?.(olds, { __provider: HANDLER, ...news });
  let told: string[];
  beforeEach(() => {
    told = [];
    jest.spyOn(console, "log").mockImplementation((line: string) => void told.push(line));
  });
  afterEach(() => jest.restoreAllMocks());

  test.each([{ thingName: "broken" }, { thingName: "broken", databaseName: "app" }])(
    "drops nothing, and says so: %j",
    async (declared) => {
      const provider = await configured(thing, CONFIG);
      await check(provider, declared, declared);
      await provider.delete?.("app/broken", state);
      expect(told).toEqual([
        expect.stringContaining("thing broken is not dropped: the program declares it now"),
      ]);
    },
  );

  test("drops nothing when the other resource has just taken it over", async () => {
    const provider = await configured(
      { ...thing, create: (_: Milvus, wanted: Inputs) => Promise.resolve(wanted) },
      CONFIG,
    );
    await check(provider, {}, { thingName: "broken" });
    await provider.create?.({ thingName: "broken" });
    await provider.delete?.("app/broken", state);
    expect(told).toHaveLength(1);
  });

  test.each([
    ["of another database", { thingName: "broken", databaseName: "elsewhere" }],
    ["of another name", { thingName: "other" }],
  ])("drops it when what is declared is %s", async (_what, declared) => {
    const provider = await configured(thing, CONFIG);
    await check(provider, declared, declared);
    await expect(provider.delete?.("app/broken", state)).rejects.toThrow("it broke");
  });

  test("drops it when the resource that declares it is about to be replaced", async () => {
    const provider = await configured(thing, CONFIG);
    await check(provider, { thingName: "broken" }, { thingName: "broken" });
    await check(provider, {}, { thingName: "broken" });
    await expect(provider.delete?.("app/broken", state)).rejects.toThrow("it broke");
  });
});

describe("an object that the program gives to a new resource, whose create the engine skips", () => {
  const state = { thingName: "broken", databaseName: "app" };
  const declaredAs = async (thingName: string) => {
    const provider = await configured(thing, CONFIG);
    await provider.check?.({}, { thingName, logicalName: "new", __provider: HANDLER });
    return provider;
  };

  test("is not dropped once something has failed", async () => {
    const provider = await declaredAs("broken");
    await expect(provider.delete?.("app/broken", state)).rejects.toThrow("it broke");
    await thrownBy(provider.create?.({ thingName: "unfinished", __provider: HANDLER }));
    await expect(provider.delete?.("app/broken", state)).resolves.toBeUndefined();
  });

  test("is not dropped while its name is not known, and stays in the state", async () => {
    const provider = await declaredAs(UNKNOWN);
    await expect(provider.delete?.("app/broken", state)).rejects.toThrow(
      "thing broken is not dropped: the program may declare it in a resource that waits for one that failed",
    );
  });
});

describe("an object that goes with another one", () => {
  test("is replaced although it is declared as before", async () => {
    const provider = await configured({ ...thing, replacedWith: () => "thingName" as const }, CONFIG);
    expect(
      await provider.diff?.("app/a", { thingName: "a", databaseName: "app" }, { thingName: "a" }),
    ).toEqual({
      changes: true,
      replaces: ["thingName"],
      deleteBeforeReplace: true,
    });
  });
});

describe("a name that was left out", () => {
  const check = async (provider: ReturnType<typeof dynamicProvider>, olds: object, news: object) =>
    (await provider.check?.(olds, { __provider: HANDLER, ...news }))?.inputs as Inputs;

  test("is the logical name", async () => {
    expect((await check(dynamicProvider(thing), {}, { logicalName: "a" })).thingName).toBe("a");
  });

  test("stays what it was when the resource got another logical name", async () => {
    const provider = dynamicProvider(thing);
    expect((await check(provider, { thingName: "before" }, { logicalName: "after" })).thingName).toBe(
      "before",
    );
    // A replacement is checked once more, without the old inputs.
    expect((await check(provider, {}, { logicalName: "after" })).thingName).toBe("before");
    expect((await check(provider, {}, { logicalName: "another" })).thingName).toBe("another");
  });
});

describe("what was decided about an object", () => {
  const news = { thingName: "a", __provider: HANDLER };
  const olds = { thingName: "b", databaseName: "app" };

  test("is told after a check, and not when a refresh asks for the difference alone", async () => {
    const decided = jest.fn();
    const provider = await configured({ ...thing, onDecided: decided }, CONFIG);
    await provider.diff?.("app/b", olds, news);
    expect(decided).not.toHaveBeenCalled();
    await provider.check?.({ thingName: "b" }, news);
    await provider.diff?.("app/b", olds, news);
    expect(decided).toHaveBeenCalledWith(
      expect.any(Run),
      olds,
      "replace",
      expect.objectContaining({ thingName: "a" }),
    );
  });

  test("is told of what a refresh of the same run found under another name than the inputs have", async () => {
    const decided = jest.fn();
    const provider = await configured(
      {
        ...thing,
        onDecided: decided,
        read: () => Promise.resolve({ thingName: "renamed", databaseName: "app" }),
      },
      CONFIG,
    );
    const found = await provider.read?.("app/b", olds);
    await provider.diff?.("app/b", found?.props, { thingName: "b", __provider: HANDLER });
    expect(decided).not.toHaveBeenCalled();
    await provider.check?.({ thingName: "b", databaseName: "app" }, news);
    await provider.diff?.("app/b", found?.props, news);
    expect(decided).toHaveBeenCalledWith(
      expect.any(Run),
      found?.props,
      "replace",
      expect.objectContaining({ thingName: "a" }),
    );
  });
});
