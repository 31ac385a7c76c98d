import { type Moment, refuseLosses, warnOfLosses } from "../../provider/lifecycle/protection";
import type { DataLoss } from "../../provider/core/resource";
import { Milvus } from "../../provider/milvus/gateway";
import { Run } from "../../provider/run";
import { readSettings, type Settings } from "../../provider/milvus/settings";
import { heldInWords, inWords, lossOf } from "../../provider/resources/common/counts";
import { MilvusError } from "../../provider/milvus/errors";

const settings = (values: Readonly<Record<string, string>> = {}): Settings =>
  readSettings(
    (name) => ({ address: "127.0.0.1:1", ...values })[name],
    () => undefined,
  );
/** Connects to nothing: what is tested never calls it. */
const milvus = Milvus.at(settings(), new Run());

interface Documents {
  readonly name: string;
}

/** A resource that would lose this much. */
const losing = (loss: DataLoss | undefined | Error) => ({
  asked: [] as boolean[],
  describe: ({ name }: Partial<Documents>) => `collection ${name}`,
  id: ({ name }: Documents) => `default/${name}`,
  losses(_milvus: Milvus, _state: Documents, prove: boolean) {
    this.asked.push(prove);
    return loss instanceof Error ? Promise.reject(loss) : Promise.resolve(loss ? [loss] : []);
  },
});

const LOSS: DataLoss = {
  id: "default/documents",
  object: "collection documents",
  held: "300 entities",
  certain: true,
};

type Losing = ReturnType<typeof losing>;

const OFF = settings({ protectData: "false" });

const replace = (
  resource: Losing,
  given: Settings,
  old: Documents,
  { beside = false, moment }: { beside?: boolean; moment?: Moment } = {},
) => warnOfLosses(resource, milvus, given, { kind: "replace", old, beside }, moment);

const drop = (resource: Losing, given: Settings, ofReplacement = false) =>
  refuseLosses(resource, milvus, given, { kind: "delete", old: { name: "a" }, ofReplacement });

let said: string[];
beforeEach(() => {
  said = [];
  jest.spyOn(console, "log").mockImplementation((line: string) => void said.push(line));
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe("a replacement", () => {
  test("says what will be lost, once however often the engine asks", async () => {
    for (let time = 0; time < 2; time++)
      await replace(losing({ ...LOSS, object: "collection told_once" }), OFF, {
        name: "told_once",
      });
    expect(said).toEqual(["warning: collection told_once will be replaced: 300 entities will be lost"]);
  });

  test("says nothing when nothing is lost", async () => {
    await replace(losing(undefined), settings(), { name: "empty" });
    expect(said).toEqual([]);
  });

  test("goes on when the count fails, and says so", async () => {
    await replace(losing(new Error("no privilege")), settings(), { name: "uncounted" });
    expect(said).toEqual([
      "warning: collection uncounted will be replaced; what it holds could not be counted: Error: no privilege",
    ]);
  });

  const ONLY_POSSIBLE = { ...LOSS, certain: false };
  const BY_DEFAULT =
    'default/documents holds 300 entities and is not replaced, because a replacement drops it (milvus:protectData is "replacements", the default). ' +
    "To lose them on purpose add the id to the list milvus:acknowledgedDataLoss, for example: pulumi config set milvus:acknowledgedDataLoss '[\"default/documents\"]'";

  test("is refused by default, with the command that lets it pass", async () => {
    await expect(replace(losing(LOSS), settings(), { name: "a" })).rejects.toThrow(new Error(BY_DEFAULT));
  });

  test("is said and not refused by default as long as it is only possible that something is lost", async () => {
    const resource = losing({ ...ONLY_POSSIBLE, object: "collection possible" });
    await replace(resource, settings(), { name: "possible" });
    expect(said).toEqual(["warning: collection possible will be replaced: 300 entities will be lost"]);
    expect(resource.asked).toEqual([false]);
  });

  test("is said and not refused as long as values that are not known yet may ask for something else", async () => {
    for (const protectData of ["replacements", "true"]) {
      const given = settings({ protectData });
      await replace(
        losing({ ...LOSS, object: `open, ${protectData}` }),
        given,
        { name: "a" },
        { moment: "open" },
      );
    }
    expect(said).toEqual([
      "warning: open, replacements will be replaced: 300 entities will be lost",
      "warning: open, true will be replaced: 300 entities will be lost",
    ]);
  });

  test("is refused by default at up, proven", async () => {
    const resource = losing(ONLY_POSSIBLE);
    const work = replace(resource, settings(), { name: "a" }, { moment: "up" });
    await expect(work).rejects.toThrow(new Error(BY_DEFAULT));
    expect(resource.asked).toEqual([true]);
  });

  test("that protects nothing proves nothing at up either", async () => {
    const resource = losing({ ...LOSS, object: "collection unprotected" });
    await replace(resource, OFF, { name: "unprotected" }, { moment: "up" });
    expect(said).toEqual(["warning: collection unprotected will be replaced: 300 entities will be lost"]);
    expect(resource.asked).toEqual([false]);
  });

  test("of what cannot be counted is refused at up, and passes once all of it is acknowledged", async () => {
    const uncounted = () => losing(new Error("no privilege"));
    const up = { moment: "up" } as const;
    await expect(replace(uncounted(), settings(), { name: "secret" }, up)).rejects.toThrow(
      /^collection secret is not replaced, because a replacement drops it .* and what it holds could not be counted: Error: no privilege\. To lose.*'\["default\/secret"\]'$/,
    );
    const acknowledged = settings({ acknowledgedDataLoss: "default/secret" });
    await replace(uncounted(), acknowledged, { name: "secret" }, up);
    expect(said).toEqual([
      "warning: collection secret will be replaced; what it holds could not be counted: Error: no privilege",
    ]);
  });

  test("is refused where data is protected, with the way out", async () => {
    const work = replace(losing(LOSS), settings({ protectData: "true" }), { name: "a" });
    await expect(work).rejects.toThrow(
      /default\/documents holds 300 entities and is not replaced, because milvus:protectData is on.*acknowledgedDataLoss/,
    );
  });

  test("is refused where data is protected and cannot be counted", async () => {
    const work = replace(losing(new Error("outage")), settings({ protectData: "true" }), {
      name: "a",
    });
    await expect(work).rejects.toThrow("outage");
  });

  test("passes when its loss was acknowledged", async () => {
    const acknowledged = settings({ protectData: "true", acknowledgedDataLoss: "default/documents" });
    await replace(losing({ ...LOSS, object: "collection acknowledged" }), acknowledged, {
      name: "acknowledged",
    });
    expect(said).toEqual(["warning: collection acknowledged will be replaced: 300 entities will be lost"]);
  });
});

describe("a replacement of what protects its own data", () => {
  const protecting = (loss: DataLoss | undefined | Error) => ({ ...losing(loss), protectsData: () => true });

  test("by another one beside it loses nothing, and it is said that the old one stays", async () => {
    const own = protecting({ ...LOSS, object: "collection stays" });
    await replace(own, settings({ protectData: "true" }), { name: "stays" }, { beside: true });
    expect(said).toEqual([
      "warning: collection stays will be replaced, and stays beside the new one with 300 entities until that is acknowledged",
    ]);
  });

  test("loses what was acknowledged", async () => {
    const own = protecting({ ...LOSS, object: "collection goes" });
    const acknowledged = settings({ acknowledgedDataLoss: "default/documents" });
    await replace(own, acknowledged, { name: "goes" }, { beside: true });
    expect(said).toEqual(["warning: collection goes will be replaced: 300 entities will be lost"]);
  });

  test("goes on when the count fails: nothing is lost by it", async () => {
    await replace(protecting(new Error("outage")), settings(), { name: "late" }, { beside: true });
    expect(said).toEqual([
      "warning: collection late will be replaced; what it holds could not be counted: Error: outage",
    ]);
  });

  test("in its own place is refused", async () => {
    await expect(replace(protecting(LOSS), settings(), { name: "place" })).rejects.toThrow(
      /holds 300 entities and is not replaced, because it has protectData\. To lose/,
    );
  });

  test("drops it when its data is acknowledged, or it holds none, and not otherwise", async () => {
    const dropIt = (loss: DataLoss | undefined, given = settings()) => drop(protecting(loss), given);
    await expect(dropIt(LOSS)).rejects.toThrow(
      /default\/documents holds 300 entities and is not dropped, because it has protectData/,
    );
    await expect(dropIt(undefined)).resolves.toBeUndefined();
    await expect(
      dropIt(LOSS, settings({ acknowledgedDataLoss: "default/documents" })),
    ).resolves.toBeUndefined();
  });
});

describe("a drop", () => {
  test("asks for no count unless data is protected", async () => {
    const resource = losing(LOSS);
    await drop(resource, settings());
    await drop(resource, OFF, true);
    expect(resource.asked).toEqual([]);
  });

  test("that completes a replacement is refused by default, proven by a flush", async () => {
    const resource = losing({ ...LOSS, certain: false });
    await expect(drop(resource, settings(), true)).rejects.toThrow(
      /default\/documents holds 300 entities and is not dropped, because a replacement drops it/,
    );
    expect(resource.asked).toEqual([true]);
    await expect(drop(losing(undefined), settings(), true)).resolves.toBeUndefined();
  });

  test("is refused where data is protected, proven by a flush", async () => {
    const resource = losing(LOSS);
    await expect(drop(resource, settings({ protectData: "true" }))).rejects.toThrow(
      /default\/documents holds 300 entities and is not dropped/,
    );
    expect(resource.asked).toEqual([true]);
  });

  test.each<[string, Settings, DataLoss | undefined]>([
    ["what holds nothing", settings({ protectData: "true" }), undefined],
    [
      "what was acknowledged",
      settings({ protectData: "true", acknowledgedDataLoss: '["default/documents"]' }),
      LOSS,
    ],
  ])("of %s passes", async (_what, given, loss) => {
    await expect(drop(losing(loss), given)).resolves.toBeUndefined();
  });
});

describe("how much something holds", () => {
  test.each([
    [{ kind: "exact", rows: 0 } as const, "no entities"],
    [{ kind: "exact", rows: 1 } as const, "1 entity"],
    [{ kind: "exact", rows: 1_234_567 } as const, "1,234,567 entities"],
    [{ kind: "at least", rows: 5 } as const, "at least 5 entities (parts of it are not loaded)"],
    [
      { kind: "unknown", flushedRows: 0 } as const,
      "an unknown number of entities (not loaded: 0 rows were flushed; rows deleted or not flushed since are not counted)",
    ],
  ])("%j is never a false zero: %s", (count, words) => {
    expect(inWords(count)).toBe(words);
  });

  test("is said to be unknown when the server refuses to count, and any other error stays one", async () => {
    const failure = { operation: "Query", object: "a", address: "b", reason: "permission denied", code: 7 };
    expect(await heldInWords(Promise.reject(new MilvusError(failure)))).toBe(
      "an unknown number of entities (they could not be counted: permission denied)",
    );
    await expect(heldInWords(Promise.reject(new TypeError("a bug")))).rejects.toThrow("a bug");
  });

  test.each([
    [{ kind: "exact", rows: 0 } as const, undefined],
    [{ kind: "exact", rows: 2 } as const, true],
    [{ kind: "at least", rows: 1 } as const, true],
    [{ kind: "unknown", flushedRows: 3 } as const, true],
    [{ kind: "unknown", flushedRows: 0 } as const, false],
  ])("%j is lost for certain: %p", (count, certain) => {
    expect(lossOf({ id: "default/a", object: "collection a" }, count).map((loss) => loss.certain)).toEqual([
      certain,
    ]);
  });
});
