/**
 * The fake at newer versions answers as real servers of those versions did. No package registry carries them, so what
 * they answered was recorded once (tests/contract/recordings): of each kind of call on which the fake had differed, one
 * reply, with the lines that the real one has and those that only the fake had.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { MilvusClient } from "@zilliz/milvus2-sdk-node";

import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { uniqueName } from "../support/gateways";
import { STILL_DIFFERENT } from "./recordings/still-different";
import { answersOf, clientOf, type Sequence } from "./support/both-servers";
import { randomSequences } from "./support/random-sequences";
import { SEQUENCES } from "./support/sequences";

interface Recorded {
  readonly situation: string;
  /** Which call of the situation, from 0. */
  readonly step: number;
  readonly call: string;
  /** How many replies of the recording differed in this way from what the fake said then. */
  readonly times: number;
  /** Lines of the real reply. */
  readonly has: readonly string[];
  /** Lines that the real reply has not. */
  readonly lacks: readonly string[];
}

/** Those of the recording. */
const SITUATIONS: readonly Sequence[] = [...SEQUENCES, ...randomSequences(7, 60, 25)];
const VERSIONS = ["2.5.27", "2.6.19", "3.0.0"] as const;
const AT_ONCE = 8;
/** In milliseconds: longer than the calls of a recording that follow a release take on a busy machine. */
const SETTLING = 3_000;

describe.each(VERSIONS)("the fake Milvus %s and the recorded one", (version) => {
  const recorded = JSON.parse(
    readFileSync(join(__dirname, "recordings", `${version}.json`), "utf8"),
  ) as readonly Recorded[];
  let fake: FakeMilvus;
  let client: MilvusClient;

  beforeAll(async () => {
    fake = await startFakeMilvus({ version, password: "s3cret of root", settlingTime: SETTLING });
    client = clientOf(fake);
  });
  afterAll(async () => {
    await client.closeConnection();
    await fake.stop();
  });

  test("agree but for what is listed", async () => {
    const wrong = await differing();
    process.stderr.write(
      `fake and recorded ${version} agree in ${recorded.length - wrong.size} of ${recorded.length} replies\n`,
    );
    const listed = Object.keys(STILL_DIFFERENT[version]);
    // What is listed and agrees by now is to be struck off the list.
    expect(listed.filter((key) => !wrong.has(key))).toEqual([]);
    expect([...wrong].filter(([key]) => !listed.includes(key))).toEqual([]);
  });

  /** Of each reply that differs, in what. */
  async function differing(): Promise<Map<string, readonly string[]>> {
    const waiting = [...new Set(recorded.map(({ situation }) => situation))];
    const found = new Map<string, readonly string[]>();
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const answers = await answersIn(next);
        for (const one of recorded.filter(({ situation }) => situation === next)) {
          const differences = differencesOf(one, linesOf(answers[one.step] ?? ""));
          if (differences.length > 0) found.set(keyOf(one), differences);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return found;
  }

  async function answersIn(name: string): Promise<readonly string[]> {
    const situation = SITUATIONS.find((one) => one.name === name);
    if (!situation) throw new Error(`no situation is called "${name}"`);
    const { steps, anyOf } = situation;
    const answers = await answersOf(client, steps, uniqueName("rec"));
    return anyOf ? answers.map((answer) => answer.replace(anyOf, "…")) : answers;
  }
});

function keyOf({ situation, step, call }: Recorded): string {
  return `${situation} / ${step} ${call}`;
}

/** Channels are shared: which one a collection has depends on those that were made before. */
const CHANNEL = /(by-dev-rootcoord-dml_)\d+_/g;

/** Without what stands for names and ids, and without the commas between lines. */
function linesOf(answer: string): readonly string[] {
  return answer
    .replace(CHANNEL, "$1#_")
    .replace(/\$\w*/g, "$")
    .replace(/#\d+/g, "#")
    .split("\n")
    .map((line) => line.trim().replace(/,$/, ""));
}

function differencesOf({ has, lacks }: Recorded, lines: readonly string[]): readonly string[] {
  return [
    ...has.filter((line) => !lines.includes(line)).map((line) => `missing: ${line}`),
    ...lacks.filter((line) => lines.includes(line)).map((line) => `not of the real one: ${line}`),
  ];
}
