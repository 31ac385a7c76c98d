/**
 * Through the real engine: wherever the policy on data stands, the preview with its delete hook, the report of the command
 * line and `up` say the same of data that goes.
 */
import type { Report } from "../../cli/preview/report";
import type { Workspace } from "../../tools/stack";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { accessTo, FIELDS, live, program, said } from "./support/live";
import { rows, TestMilvus } from "./support/milvus";
import { reportOn } from "./support/report";

const context = live();

let fake: FakeMilvus;
let milvus: TestMilvus;
beforeAll(async () => {
  fake = await startFakeMilvus({ version: "2.6.4" });
  milvus = new TestMilvus(fake);
});
afterAll(async () => {
  await milvus.close();
  await fake.stop();
});

interface Parts {
  /** Arguments of an explicit Provider; without them it is the default one. */
  readonly provider?: string;
  /** Inputs of the collection. */
  readonly own?: string;
  readonly isGone?: boolean;
}

/** A role stays, so that the provider is the program's to the end. */
function declare(name: string, { provider, own = "", isGone = false }: Parts): string {
  const options = provider === undefined ? "" : ", { provider }";
  return program(
    provider === undefined
      ? ""
      : `const provider = new milvus.Provider("own", { address: "${fake.address}", ${provider} });`,
    `new milvus.Role("${name}_readers", {}${options});`,
    isGone ? "" : `new milvus.Collection("${name}", { fields: ${FIELDS}, ${own} }${options});`,
  );
}

interface Said {
  readonly preview: string;
  readonly report: Report;
  readonly up: string;
  readonly codes: readonly boolean[];
}

async function ask(stack: Workspace, env: Record<string, string> = {}): Promise<Said> {
  const preview = await stack.preview({ expectFailure: true, env });
  Object.assign(stack.env, env);
  const report = await reportOn(stack);
  const up = await stack.up({ expectFailure: true, env });
  return { preview: said(preview), report, up: said(up), codes: [preview.code === 0, up.code === 0] };
}

interface Place {
  readonly protect: {
    readonly config?: Record<string, string>;
    readonly parts?: Parts;
    readonly env?: Record<string, string>;
  };
  readonly acknowledge: (id: string) => Place["protect"];
  readonly because: string;
}

const SETTING = "milvus:protectData is on";
const inConfig = (id: string): Place["protect"] => ({ config: { "milvus:acknowledgedDataLoss": id } });

const PLACES: Record<string, Place> = {
  "stack config": {
    protect: { config: { "milvus:protectData": "true" } },
    acknowledge: inConfig,
    because: SETTING,
  },
  "stack config, for an explicit Provider": {
    protect: { config: { "milvus:protectData": "true" }, parts: { provider: "" } },
    acknowledge: inConfig,
    because: SETTING,
  },
  "an explicit Provider, against stack config": {
    protect: {
      config: { "milvus:protectData": "false" },
      parts: { provider: "protectData: true, acknowledgedDataLoss: []" },
    },
    acknowledge: (id) => ({ parts: { provider: `protectData: true, acknowledgedDataLoss: ["${id}"]` } }),
    because: SETTING,
  },
  "the environment": {
    protect: { env: { MILVUS_PROTECT_DATA: "true" } },
    acknowledge: (id) => ({ env: { MILVUS_ACKNOWLEDGED_DATA_LOSS: id } }),
    because: SETTING,
  },
  "the collection itself": {
    protect: { parts: { own: "protectData: true" } },
    acknowledge: inConfig,
    because: "it has protectData",
  },
};

describe.each(Object.entries(PLACES))(
  "Data that is protected by %s",
  (place, { protect, acknowledge, because }) => {
    const name = `docs_${Object.keys(PLACES).indexOf(place)}`;
    const id = `default/${name}`;
    let stack: Workspace;

    beforeAll(async () => {
      // The policy comes in the same change as the deletion, but for what the state has of the collection itself.
      stack = await context.stack(
        declare(name, {
          ...(protect.parts?.provider !== undefined && { provider: "" }),
          own: protect.parts?.own,
        }),
        { config: { ...accessTo(fake), "milvus:previewDeletes": "true" } },
      );
      await stack.up();
      await milvus.insert(name, rows(9));
      await milvus.client.flushSync({ collection_names: [name] });
    });

    test("is kept by all of them", async () => {
      await stack.config(protect.config ?? {});
      stack.program(declare(name, { ...protect.parts, isGone: true }));
      const { preview, report, up, codes } = await ask(stack, protect.env);
      expect(codes).toEqual([false, false]);
      const refusal = `${id} holds an unknown number of entities (not loaded: 9 rows were flushed; rows deleted or not flushed since are not counted) and is not dropped, because ${because}`;
      for (const text of [preview, up]) expect(text).toContain(refusal);
      expect(report.previewError).toBeUndefined();
      expect(report.exitCode).toBe(because === SETTING ? 2 : 0);
      expect([...report.losses, ...report.kept].map((one) => one.id)).toEqual([id]);
      expect(report.losses.map(({ acknowledged, refusedBecause }) => [acknowledged, refusedBecause])).toEqual(
        because === SETTING ? [[false, SETTING]] : [],
      );
      expect(await milvus.exists(name)).toBe(true);
    });

    test("goes by all of them once it is acknowledged", async () => {
      const { config = {}, parts, env } = acknowledge(id);
      await stack.config(config);
      stack.program(declare(name, { ...protect.parts, ...parts, isGone: true }));
      const { preview, report, up, codes } = await ask(stack, { ...protect.env, ...env });
      expect(codes).toEqual([true, true]);
      expect(preview).toContain(`collection ${name} will be dropped: an unknown number of entities`);
      expect(report).toMatchObject({ exitCode: 0, kept: [], losses: [{ id, acknowledged: true }] });
      expect(report.losses[0]?.refusedBecause).toBeUndefined();
      expect(up).toContain(`dropped collection ${id}`);
      expect(await milvus.exists(name)).toBe(false);
    });
  },
);
