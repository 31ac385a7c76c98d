/** How far a load is, over the plugin: beside the resource while it goes on, and not among the lines that stay. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { withPlugin } from "./support/bundled";
import { accessTo, live, said } from "./support/live";
import { LOADED_COLLECTION } from "./support/plugin";

const context = live();

let fake: FakeMilvus;
beforeAll(async () => {
  // Longer than it takes until something is said of it.
  fake = await startFakeMilvus({ version: "2.6.4", loadTime: 12_000 });
});
afterAll(() => fake.stop());

interface EngineEvent {
  readonly diagnosticEvent?: { readonly message: string; readonly ephemeral?: boolean };
}

test("A load that goes on is told in the status of its resource", async () => {
  const stack = await context.stack(LOADED_COLLECTION, {
    config: accessTo(fake),
    env: { ...(await withPlugin()), PULUMI_DEBUG_COMMANDS: "true" },
  });
  const file = join(stack.directory, "events.json");
  const up = await stack.up({ args: ["--event-log", file] });
  const events = readFileSync(file, "utf8").trim().split("\n");
  const told = events
    .map((line) => (JSON.parse(line) as EngineEvent).diagnosticEvent)
    .filter((event) => event !== undefined)
    .filter(({ message }) => /^collection default\/docs: \d+% loaded/.test(message));
  expect(told.length).toBeGreaterThan(0);
  expect(told.map(({ ephemeral }) => ephemeral)).toEqual(told.map(() => true));
  expect(said(up)).toMatch(/CollectionLoad docs created \([\d.]+s\) *\n/);
  const [, afterwards = ""] = said(up).split("Diagnostics:");
  expect(afterwards).not.toMatch(/docs: \d+% loaded/);
});
