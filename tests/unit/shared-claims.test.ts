/** What processes of one run of the engine tell each other; the process that runs this and its parent are alive. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { SharedClaims } from "../../provider/lifecycle/shared-claims";

const ENGINE = "127.0.0.1:40123";
const folder = mkdtempSync(join(tmpdir(), "pulumi-milvus-claims-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const claimsOf = (process_: number, engine = ENGINE): SharedClaims =>
  new SharedClaims(engine, folder, process_);

test("A claim is known to the other processes of the run, and not as one of another to its own", () => {
  const [one, other] = [claimsOf(process.pid), claimsOf(process.ppid)];
  one.add("server Partition default/docs/y2024");
  expect(other.hasElsewhere("server Partition default/docs/y2024")).toBe(true);
  expect(other.hasElsewhere("server Partition default/docs/y2023")).toBe(false);
  expect(one.hasElsewhere("server Partition default/docs/y2024")).toBe(false);
});

test("A claim that comes, is withdrawn and comes again counts each time", () => {
  const [one, other] = [claimsOf(process.pid), claimsOf(process.ppid)];
  const seen = (["add", "delete", "add"] as const).map((change) => {
    one[change]("it");
    return other.hasElsewhere("it");
  });
  expect(seen).toEqual([true, false, true]);
});

test("Claims of another run of the engine do not count", () => {
  claimsOf(process.pid, "127.0.0.1:40124").add("of another run");
  expect(claimsOf(process.ppid).hasElsewhere("of another run")).toBe(false);
});

test("What an ended process has claimed does not count, and is removed by the next one", () => {
  const NOBODY = 2 ** 22 + 1;
  claimsOf(NOBODY, "127.0.0.1:40125").add("it");
  const other = claimsOf(process.ppid, "127.0.0.1:40125");
  expect(other.hasElsewhere("it")).toBe(false);
  const [all = ""] = readdirSync(folder);
  const left = readdirSync(join(folder, all)).flatMap((run) => readdirSync(join(folder, all, run)));
  expect(left).not.toContain(String(NOBODY));
});
