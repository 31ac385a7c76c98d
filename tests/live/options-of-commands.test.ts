/**
 * Options of commands, and the ways to run a program, on every kind of resource, through the real engine on fakes of a
 * server that has all kinds. Options of resources: options-matrix.test.ts.
 */
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";

import { type AnyResource, resources } from "../../provider/registry";
import type { OperationResult } from "../../tools/stack";
import { gatewayTo } from "../support/gateways";
import {
  ADOPT,
  type ByKind,
  declareAll,
  eachKind,
  EFFECTS,
  inState,
  type Kind,
  KINDS,
  operations,
  STANDS,
} from "./support/all-kinds";
import { accessTo, linesWith, live, said } from "./support/live";
import { type Everything, expectLeft, Matrix, type Step, step } from "./support/matrix";

const context = live();
const matrix = new Matrix(context);

const REPLACED = ["created replacement", "deleted original", "replaced"];
const did = (kind: Kind): string[] => (EFFECTS[kind] === "updated" ? ["updated"] : REPLACED);
const flags = (flag: string, urns: readonly string[]): string[] => urns.flatMap((urn) => [flag, urn]);

/** How each kind is asked to be replaced, with no difference between program and state. */
const FORCED = [
  ["--replace", async ({ stack, urns }: Everything) => stack.up({ args: flags("--replace", Object.values(await urns())) })],
  [
    "state taint",
    async ({ stack, urns }: Everything) => {
      await stack.pulumi(["state", "taint", "--yes", ...Object.values(await urns())]);
      return stack.up();
    },
  ],
] as const;

for (const [name, command] of FORCED) {
  matrix.option(
    name,
    async () => {
      const all = await matrix.everything({ inputs: ADOPT });
      const owned = inState(await all.stack.resources());
      return { owned, ...(await step(all, () => command(all))) };
    },
    (kind, { result, did: done, before, after, owned }) => {
      expect(done[kind]).toEqual(REPLACED);
      expect(after[kind]).toEqual(before[kind]);
      const object = (resources[kind] as unknown as AnyResource).describe(owned[kind]?.outputs ?? {});
      expect([object, linesWith(result, "is not dropped: the program declares it now").join("\n")]).toEqual([object, ""]);
    },
  );

  matrix.option(
    `${name} with deleteBeforeReplace`,
    async () => {
      const all = await matrix.everything({ options: "{ deleteBeforeReplace: true }" });
      const from = all.fake.calls.length;
      const forced = await step(all, () => command(all));
      return { ...forced, calls: all.fake.calls.slice(from) };
    },
    (kind, { did: done, before, after, calls }) => {
      expect(done[kind]).toEqual(REPLACED);
      expect(after[kind]).toMatchObject(STANDS.declared[kind]);
      const made = MAKING[kind];
      expect([made, calls.includes(made)]).toEqual([made, true]);
      if (IDENTITY.includes(kind)) expect(after[kind]).not.toEqual(before[kind]);
    },
  );
}

