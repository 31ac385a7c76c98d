import { setTimeout as sleep } from "node:timers/promises";

import { SharedRead } from "../../provider/milvus/shared-reads";

interface Key {
  readonly databaseName: string;
  readonly collectionName: string;
}

const keyOf = (collectionName: string): Key => ({ databaseName: "default", collectionName });

const later = Date.now() + 600_000;

/** A read that counts how often the server was asked. */
function counted(answer: (key: Key, call: number) => Promise<string>) {
  const calls: string[] = [];
  const reads = new SharedRead<Key, string>(
    ({ collectionName }) => collectionName,
    (key) => {
      calls.push(key.collectionName);
      return answer(key, calls.length);
    },
  );
  return { reads, calls };
}

describe("reads that are asked for together", () => {
  test("are answered by one call for each key", async () => {
    const { reads, calls } = counted(({ collectionName }) => Promise.resolve(`about ${collectionName}`));
    const names = ["a", "b", "a", "a", "b"];
    const answers = await Promise.all(names.map((name) => reads.read(keyOf(name), later)));
    expect(answers).toEqual(names.map((name) => `about ${name}`));
    expect(calls).toEqual(["a", "b"]);
  });

  test("go together while others are under way, and no answer is older than its question", async () => {
    const { reads, calls } = counted((_key, call) => sleep(5).then(() => `answer ${call}`));
    const first = reads.read(keyOf("a"), later);
    await sleep(1);
    const others = [reads.read(keyOf("a"), later), reads.read(keyOf("a"), later)];
    expect(await first).toBe("answer 1");
    expect(await Promise.all(others)).toEqual(["answer 2", "answer 2"]);
    expect(calls).toHaveLength(2);
  });

  test("do not wait for others that are not answered soon", async () => {
    const { reads } = counted(({ collectionName }) =>
      collectionName === "hangs" ? new Promise(() => undefined) : Promise.resolve(collectionName),
    );
    void reads.read(keyOf("hangs"), Date.now() + 200).catch(() => undefined);
    await sleep(1);
    expect(await reads.read(keyOf("a"), Date.now() + 1_000)).toBe("a");
  });

  test("share an error, and other keys do not suffer from it", async () => {
    const { reads, calls } = counted(({ collectionName }) =>
      collectionName === "bad" ? Promise.reject(new Error("broken")) : Promise.resolve(collectionName),
    );
    const results = await Promise.allSettled(
      ["bad", "good", "bad"].map((name) => reads.read(keyOf(name), later)),
    );
    expect(results).toEqual([
      { status: "rejected", reason: new Error("broken") },
      { status: "fulfilled", value: "good" },
      { status: "rejected", reason: new Error("broken") },
    ]);
    expect(calls).toEqual(["bad", "good"]);
  });

  test("are errors also when what was thrown is none", async () => {
    const reads = new SharedRead<Key, string>(
      ({ collectionName }) => collectionName,
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what is tested
      () => Promise.reject("a bare text"),
    );
    await expect(reads.read(keyOf("a"), later)).rejects.toThrow("a bare text");
  });

  test("are asked again the next time: no answer is older than its question", async () => {
    const { reads, calls } = counted((_key, call) =>
      call === 1 ? Promise.reject(new Error("broken")) : Promise.resolve(`answer ${call}`),
    );
    await expect(reads.read(keyOf("a"), later)).rejects.toThrow("broken");
    await expect(reads.read(keyOf("a"), later)).resolves.toBe("answer 2");
    await expect(reads.read(keyOf("a"), later)).resolves.toBe("answer 3");
    expect(calls).toHaveLength(3);
  });

  test("are answered with what was asked before, or is being asked, for those whom that will do", async () => {
    const { reads, calls } = counted((_key, call) => sleep(20).then(() => `answer ${call}`));
    const since = Date.now();
    const first = reads.read(keyOf("a"), later);
    await sleep(1);
    expect(await reads.read(keyOf("a"), later, undefined, since)).toBe("answer 1");
    expect(await first).toBe("answer 1");
    expect(await reads.read(keyOf("a"), later, undefined, since)).toBe("answer 1");
    expect(await reads.read(keyOf("b"), later, undefined, since)).toBe("answer 2");
    await sleep(2);
    expect(await reads.read(keyOf("a"), later, undefined, Date.now())).toBe("answer 3");
    expect(calls).toEqual(["a", "b", "a"]);
  });

  test("that failed are asked again, also by those", async () => {
    const { reads, calls } = counted((_key, call) =>
      call === 1 ? Promise.reject(new Error("broken")) : Promise.resolve(`answer ${call}`),
    );
    await expect(reads.read(keyOf("a"), later, undefined, 0)).rejects.toThrow("broken");
    expect(await reads.read(keyOf("a"), later, undefined, 0)).toBe("answer 2");
    expect(calls).toHaveLength(2);
  });

  test("fail for one whose time is up, and go on for the others", async () => {
    const { reads } = counted(
      ({ collectionName }) => new Promise((resolve) => setTimeout(() => resolve(collectionName), 200)),
    );
    const other = reads.read(keyOf("a"), later);
    const hasty = reads.read(
      keyOf("a"),
      Date.now() + 20,
      () => new Error("DescribeCollection took too long"),
    );
    await expect(hasty).rejects.toThrow("DescribeCollection took too long");
    await expect(other).resolves.toBe("a");
  });
});
