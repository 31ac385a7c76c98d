/** What is a secret whatever the program says of it. */
import * as pulumi from "@pulumi/pulumi";

import * as milvus from "../../sdk/nodejs";
import type { Values } from "../support/declared";

describe("the password of a User", () => {
  const registered = new Map<string, pulumi.runtime.MockResourceArgs>();
  const marked: unknown[] = [];

  beforeAll(async () => {
    await pulumi.runtime.setMocks({
      newResource: (args) => {
        registered.set(args.name, args);
        return { id: args.name, state: args.inputs as Values };
      },
      call: () => ({}),
    });
    const users = [
      new milvus.User("plain", { password: "correct horse" }),
      new milvus.User("secret", { password: pulumi.secret("correct horse") }),
    ];
    await Promise.all(users.map(({ id }) => new Promise((resolve) => void id.apply(resolve))));
    for (const name of ["plain", "secret"])
      marked.push((registered.get(name)?.inputs as Values)["secretInputs"]);
  });

  test("is told to the provider as a secret, also when the program gives plain text", () => {
    expect(marked).toEqual([[["password"]], [["password"]]]);
  });
});
