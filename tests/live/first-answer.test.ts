/** A Milvus that takes longer to start than a server is waited for that nobody has time for. */
import { setTimeout as sleep } from "node:timers/promises";

import type { OperationResult } from "../../tools/stack";
import { deadPort, forwarder } from "../support/proxies";
import { FIELDS, live, program, providerArgs, said } from "./support/live";

const context = live();
const { milvus } = context;

/** Longer than the 8 seconds of such a server; in milliseconds. */
const START = 14_000;

/** An `up` whose server is there when it has been asked for that long already. */
async function upBefore(declare: (address: string) => string): Promise<OperationResult> {
  const port = await deadPort();
  const stack = await context.stack(declare(`127.0.0.1:${port}`), { config: {} });
  const asked = stack.up({ expectFailure: true });
  await Promise.race([asked, sleep(START)]);
  const server = await forwarder(milvus.server.address, port);
  try {
    const result = await asked;
    if (result.code === 0) await stack.destroy();
    return result;
  } finally {
    await server.close();
  }
}

const provider = (name: string, address: string): string =>
  `const provider = new milvus.Provider("${name}", ${providerArgs(milvus.server, { address })});`;

const collection = (name: string, timeouts = ""): string =>
  `new milvus.Collection("late", { collectionName: "${name}", fields: ${FIELDS}, ${timeouts} }, { provider });`;

test("that the same stack makes is waited for, and that is said", async () => {
  const result = await upBefore((address) =>
    program(
      `class Deployed extends pulumi.dynamic.Resource {
         constructor(name, address) {
           super({ create: async (inputs) => ({ id: "deployed", outs: inputs }) }, name, { address });
         }
       }`,
      `const deployed = new Deployed("deployed", "${address}");`,
      provider("fresh", "pulumi.interpolate`http://${deployed.address}`"),
      collection(context.name("made")),
    ),
  );
  expect(said(result)).toMatch(
    /Milvus at 127\.0\.0\.1:\d+ does not answer \(.*\); trying again, for up to 5\d\d s/,
  );
  expect(result.code).toBe(0);
});

test("at an address of the user's own is waited for as long as timeouts say", async () => {
  const result = await upBefore((address) =>
    program(
      provider("own", JSON.stringify(address)),
      collection(context.name("asked"), "timeouts: { create: 120 }"),
    ),
  );
  expect(said(result)).toMatch(/trying again, for up to 1\d\d s/);
  expect(result.code).toBe(0);
});

test("at an address of the user's own is given up early without, with the way out", async () => {
  const result = await upBefore((address) =>
    program(provider("own", JSON.stringify(address)), collection(context.name("quick"))),
  );
  expect(result.code).not.toBe(0);
  expect(said(result)).toContain("where it takes longer to start set `timeouts` of the resource");
});
