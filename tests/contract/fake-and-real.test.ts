/** The fake at 2.3.5 answers as the real 2.3.5 does, call by call: what it says of newer versions rests on that. */
import type { MilvusClient } from "@zilliz/milvus2-sdk-node";

import { type Server, startMilvus } from "../../tools/servers";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { uniqueName } from "../support/gateways";
import { clientOf, type Difference, differencesOf, type Sequence } from "./support/both-servers";
import { randomSequences } from "./support/random-sequences";
import { SEQUENCES } from "./support/sequences";

/** Another one with PULUMI_MILVUS_SEED. */
const SEED = Number(process.env["PULUMI_MILVUS_SEED"] ?? 7);
const RANDOM_SEQUENCES = 60;
const CALLS_IN_ONE = 25;
/** Sequences under way at a time: loads take seconds and most of them is waiting. */
const AT_ONCE = 6;

describe("the fake Milvus and the real one, both 2.3.5,", () => {
  let fake: FakeMilvus;
  /** Of its own: what random sequences grant and revoke changes what others may do on the same server. */
  let server: Server;
  let real: MilvusClient;
  let faked: MilvusClient;

  beforeAll(async () => {
    fake = await startFakeMilvus({ version: "2.3.5", password: "s3cret of root" });
    server = await startMilvus({ authorization: true });
    real = clientOf(server);
    faked = clientOf(fake);
  });
  afterAll(async () => {
    await Promise.all([real.closeConnection(), faked.closeConnection()]);
    await Promise.all([server.stop(), fake.stop()]);
  });

  test("agree in every case", async () => {
    const all = [...SEQUENCES, ...randomSequences(SEED, RANDOM_SEQUENCES, CALLS_IN_ONE)];
    const different = await differing(all);
    process.stderr.write(
      `fake and real 2.3.5 agree in ${all.length - different.length} of ${all.length} cases ` +
        `(${all.reduce((calls, { steps }) => calls + steps.length, 0)} calls, seed ${SEED})\n`,
    );
    expect(different.map(inWords)).toEqual([]);
  });

  async function differing(sequences: readonly Sequence[]): Promise<Disagreement[]> {
    const waiting = [...sequences];
    const found: Disagreement[] = [];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const differences = await differencesOf(next, uniqueName("fr"), real, faked);
        if (differences.length > 0) found.push({ name: next.name, differences });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return found;
  }
});

interface Disagreement {
  readonly name: string;
  readonly differences: readonly Difference[];
}

/** The first difference, as far as it goes: those after it may follow from it. */
function inWords({ name, differences }: Disagreement): string {
  const [first] = differences;
  const real = first?.real.split("\n") ?? [];
  const fake = first?.fake.split("\n") ?? [];
  const only = (lines: string[], others: string[]) =>
    lines.filter((line) => !others.includes(line)).join("\n    ");
  return `${name}: ${first?.step}\n  real: ${only(real, fake)}\n  fake: ${only(fake, real)}`;
}
