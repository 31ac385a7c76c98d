/** Programs without an engine: whatever a test file declares counts as made. */
import * as pulumi from "@pulumi/pulumi";

import type { Values } from "./declared";

/** What was registered in this test file, as `Collection documents`. */
export function withoutEngine(): ReadonlyMap<string, pulumi.runtime.MockResourceArgs> {
  const registered = new Map<string, pulumi.runtime.MockResourceArgs>();
  beforeAll(() =>
    pulumi.runtime.setMocks({
      newResource: (args) => {
        registered.set(`${args.type.split(":").at(-1)} ${args.name}`, args);
        return { id: args.name, state: { collectionId: "447", ...(args.inputs as Values) } };
      },
      call: () => ({}),
    }),
  );
  afterAll(() => pulumi.runtime.disconnect());
  return registered;
}

export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => void output.apply((value) => resolve(value)));
}

/** The least that a collection has. */
export const FIELDS = [
  { name: "id", dataType: "Int64", isPrimaryKey: true },
  { name: "embedding", dataType: "FloatVector", dim: 8 },
];
