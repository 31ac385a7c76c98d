/**
 * Up and remove, again and again: neither the provider nor the server comes to hold more and more, and nothing is left
 * on the server or on the machine.
 */
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

import { type Server, startMilvus } from "../../tools/servers";
import { createWorkspace, type Workspace } from "../../tools/stack";
import { accessTo, FIELDS, HNSW, program } from "../live/support/live";
import { rows, TestMilvus } from "../live/support/milvus";
import { full, Lost, tried } from "./support/tally";

const KIND = "soak";
const CYCLES = full ? 200 : 40;
const ENGINE_CYCLES = full ? 20 : 3;
/** When the first measure is taken: what is loaded, compiled and cached once is there by then. */
const WARM = 20;
/** Cycles with rows and a loaded collection cost seconds. */
const ROWS_EVERY = 10;

const FIELD_LIST = [
  { name: "id", dataType: "Int64", isPrimaryKey: true },
  { name: "year", dataType: "Int64" },
  { name: "embedding", dataType: "FloatVector", dim: 8 },
];
const INDEX = { indexType: "HNSW", metricType: "COSINE", params: { M: 8, efConstruction: 64 } };
const MB = 1024 * 1024;

interface Measure {
  readonly handles: number;
  readonly resources: number;
  /** Where the system tells. */
  readonly sockets?: number;
  readonly heap: number;
  readonly memory: number;
}

/** The provider in a process that outlives many runs. */
class ProviderProcess {
  private readonly child: ChildProcess;

  constructor(address: string) {
    const config = JSON.stringify({ "milvus:address": address });
    this.child = fork(join(__dirname, "support", "soak-child.js"), [config], {
      execArgv: ["--expose-gc"],
      env: withoutTestSettings(process.env),
    });
  }

  async step<T = void>(step: string, values: object = {}): Promise<T> {
    const answer = await new Promise<{ result?: T; error?: string }>((resolve, reject) => {
      this.child.once("message", resolve);
      this.child.once("exit", () => reject(new Error("the provider process ended")));
      this.child.send({ step, values });
    });
    this.child.removeAllListeners("message").removeAllListeners("exit");
    if (answer.error !== undefined) throw new Error(`${step}: ${answer.error}`);
    return answer.result as T;
  }

  end(): void {
    this.child.disconnect();
    this.child.kill();
  }
}

/** As the provider runs for users: with NODE_ENV=test the Milvus SDK behaves in another way. */
function withoutTestSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(NODE_ENV|JEST_|MILVUS_)/.test(name)));
}

const onLinux = existsSync("/proc/self/fd");

function socketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((file) => targetOf(join(folder, file)).startsWith("socket:")).length;
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return "";
  }
}

/** Processes that were started with a text in their environment, whoever is their parent now. */
function processesWith(text: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, "utf8").includes(text);
      } catch {
        return false;
      }
    });
}

describe("Up and remove, over and over", () => {
  let server: Server;
  let milvus: TestMilvus;
  const nothingIsLeft = async (): Promise<void> => {
    const left = await milvus.allOf("");
    if (left.length > 0) throw new Lost(`left on the server: ${left.join(", ")}`);
  };

  beforeAll(async () => {
    server = await startMilvus();
    milvus = new TestMilvus(server);
  });
  afterAll(async () => {
    await milvus.close();
    await server.stop();
  });

  describe(`in one process of the provider, ${CYCLES} times`, () => {
    let provider: ProviderProcess;
    let [warm, end]: Measure[] = [];
    const serverSockets: number[] = [];

    async function cycle(number: number): Promise<void> {
      const name = `docs${number}`;
      await provider.step("up", { name, fields: FIELD_LIST, index: INDEX });
      if (number % ROWS_EVERY === 0) {
        await milvus.insert(name, rows(50), "p1");
        await milvus.insert(name, rows(50, 50), "p3");
        await milvus.load(name);
      }
      await provider.step("refresh");
      await provider.step("change");
      await provider.step("removeSome");
      expect(await milvus.partitions(name)).toEqual(["p3"]);
      expect(await milvus.indexNames(name)).toEqual([]);
      await provider.step("removeAll");
      await nothingIsLeft();
    }

    beforeAll(async () => {
      provider = new ProviderProcess(server.address);
      for (let number = 1; number <= CYCLES; number++) {
        await tried(KIND, `cycle ${number} in one process`, () => cycle(number));
        if (number !== WARM && number !== CYCLES) continue;
        const measure = await provider.step<Measure>("measure");
        if (number === WARM) warm = measure;
        else end = measure;
        if (onLinux && server.pid !== undefined) serverSockets.push(socketsOf(server.pid));
      }
      const row = ({ heap, memory, ...counts }: Measure): object => ({
        ...counts,
        "heap (MB)": (heap / MB).toFixed(1),
        "memory (MB)": (memory / MB).toFixed(0),
      });
      console.log(
        `provider process after ${WARM} cycles: ${JSON.stringify(row(warm as Measure))}\n` +
          `after ${CYCLES}: ${JSON.stringify(row(end as Measure))}\nserver sockets: ${serverSockets.join(", ")}`,
      );
    }, 20 * 60_000);
    afterAll(() => provider.end());

    test("the provider holds no more handles and sockets", () => {
      expect(end?.handles).toBeLessThanOrEqual(warm?.handles ?? 0);
      expect(end?.resources).toBeLessThanOrEqual((warm?.resources ?? 0) + 1);
      expect(end?.sockets ?? 0).toBeLessThanOrEqual(warm?.sockets ?? 0);
    });

    // Of 200 cycles 1 MB of heap was measured, which is compiled code; the memory of the process shrank.
    test("the provider holds no more memory", () => {
      expect((end?.heap ?? 0) / MB).toBeLessThan((warm?.heap ?? 0) / MB + 3);
      expect((end?.memory ?? 0) / MB).toBeLessThan((warm?.memory ?? 0) / MB + 40);
    });

    test("the server holds no more sockets", () => {
      const [first = 0, last = 0] = serverSockets;
      expect(last).toBeLessThanOrEqual(first + 5);
    });
  });

  describe(`through the engine, ${ENGINE_CYCLES} times`, () => {
    let stack: Workspace;
    beforeAll(async () => {
      stack = await createWorkspace({ language: "js", config: accessTo(server) });
    });
    afterAll(() => stack.dispose());

    const declaring = (number: number): string =>
      program(
        `const docs = new milvus.Collection("docs${number}", { fields: ${FIELDS} });`,
        `for (const name of ["p1", "p2"]) new milvus.Partition(name, { collection: docs });`,
        `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });`,
      );

    async function cycle(number: number): Promise<void> {
      const name = `docs${number}`;
      stack.program(declaring(number));
      await stack.up();
      expect(await milvus.partitions(name)).toEqual(["p1", "p2"]);
      await milvus.insert(name, rows(20), "p1");
      stack.program("");
      await stack.up();
      await nothingIsLeft();
      expect(await stack.resources()).toEqual([]);
    }

    test(
      "nothing is left on the server, and no process on the machine",
      async () => {
        const sockets = (): number => (onLinux && server.pid !== undefined ? socketsOf(server.pid) : 0);
        const before = sockets();
        for (let number = 1; number <= ENGINE_CYCLES; number++)
          await tried(KIND, `cycle ${number} through the engine`, () => cycle(number));
        expect(sockets()).toBeLessThanOrEqual(before + 5);
        if (onLinux) expect(processesWith(String(stack.env["PULUMI_HOME"]))).toEqual([]);
      },
      20 * 60_000,
    );
  });
});
