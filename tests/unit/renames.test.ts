import { Renames } from "../../provider/lifecycle/renames";

const rename = (serverId: string, from: string, to: string) => ({
  serverId,
  from,
  to,
  who: `Collection "${serverId}"`,
});
/** In so many milliseconds. */
const waiting = (time = 5_000) => ({
  name: "default/live",
  what: "collection live is not made",
  until: Date.now() + time,
});

/** Of a program that has just declared something. */
function renamesOf(...times: number[]): Renames {
  const renames = new Renames(...times);
  renames.heard();
  return renames;
}

describe("A name that is taken", () => {
  test("becomes free once its rename is done, also when that is decided late", async () => {
    const renames = renamesOf();
    const free = renames.becomesFree(waiting());
    setTimeout(() => renames.decided(rename("1", "default/live", "default/v1")), 60);
    setTimeout(() => renames.begun("1"), 120);
    setTimeout(() => renames.ended("1", true), 200);
    expect(await free).toBe(true);
  });

  test("stays taken when nothing in the run gives it up", async () => {
    expect(await renamesOf(100).becomesFree(waiting())).toBe(false);
  });

  test.each([
    ["has failed", (renames: Renames) => renames.ended("1", false), /since its rename to default\/v1 failed/],
    ["does not begin", () => undefined, /Collection "1", which is to be renamed .* still has that name/],
    ["is not done in time", (renames: Renames) => renames.begun("1"), /still has that name after 1 s/],
  ])("is an error when its rename %s", async (_, happens, message) => {
    const renames = renamesOf(100, 200);
    renames.decided(rename("1", "default/live", "default/v1"));
    happens(renames);
    await expect(renames.becomesFree(waiting(600))).rejects.toThrow(message);
  });
});

describe("Names that wait for each other", () => {
  test.each([
    ["two", [rename("1", "a", "b")], rename("2", "b", "a")],
    ["three", [rename("1", "a", "b"), rename("2", "b", "c")], rename("3", "c", "a")],
  ])("are refused: %s", async (_, before, last) => {
    const renames = renamesOf();
    for (const one of before) renames.decided(one);
    const waits = renames.becomesFree({ ...waiting(), name: "b", serverId: "1" });
    const refused = expect(waits).rejects.toThrow("exchange their names");
    expect(() => renames.decided(last)).toThrow(/Collection "\d" from . to ., Collection "\d" from/);
    await refused;
  });

  test("are none when they only follow each other", () => {
    const renames = renamesOf();
    renames.decided(rename("1", "a", "b"));
    expect(() => renames.decided(rename("2", "b", "c"))).not.toThrow();
  });
});
