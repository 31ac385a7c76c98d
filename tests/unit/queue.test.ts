import { Queue } from "../../provider/core/queue";

/** A promise to be settled by the test. */
function gate(): { readonly opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

const aMoment = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a queue", () => {
  test("runs what has one key one after another, in the order it was asked for", async () => {
    const queue = new Queue();
    const [first, second] = [gate(), gate()];
    const events: string[] = [];
    const work = (name: string, until: Promise<void>) => async () => {
      events.push(`${name} starts`);
      await until;
      events.push(`${name} ends`);
    };
    const all = [queue.run("a", work("first", first.opened)), queue.run("a", work("second", second.opened))];
    second.open();
    await aMoment();
    expect(events).toEqual(["first starts"]);
    first.open();
    await Promise.all(all);
    expect(events).toEqual(["first starts", "first ends", "second starts", "second ends"]);
  });

  test("lets other keys pass", async () => {
    const queue = new Queue();
    const blocked = gate();
    const waiting = queue.run("a", () => blocked.opened);
    await expect(queue.run("b", () => Promise.resolve("done"))).resolves.toBe("done");
    blocked.open();
    await waiting;
  });

  test("hands on results and errors, and goes on after an error", async () => {
    const queue = new Queue();
    const failed = queue.run("a", () => Promise.reject(new Error("broken")));
    const next = queue.run("a", () => Promise.resolve(5));
    await expect(failed).rejects.toThrow("broken");
    await expect(next).resolves.toBe(5);
  });

  test("keeps nothing of a key whose work is done", async () => {
    const queue = new Queue();
    const { last } = queue as unknown as { last: Map<string, unknown> };
    const blocked = gate();
    const running = [
      queue.run("a", () => blocked.opened),
      queue.run("a", () => Promise.reject(new Error("broken"))),
    ];
    const settled = Promise.allSettled(running);
    expect(last.size).toBe(1);
    blocked.open();
    await settled;
    await aMoment();
    expect(last.size).toBe(0);
  });
});
