/** What is a secret whatever the program says of it. */
import * as pulumi from "@pulumi/pulumi";

import * as milvus from "../../sdk/nodejs";
import type { Values } from "../support/declared";
import { valueOf, withoutEngine } from "../support/pulumi-mocks";

const registered = withoutEngine();

describe("the password of a User", () => {
  test.each<[string, pulumi.Input<string>]>([
    ["plain", "correct horse"],
    ["secret", pulumi.secret("correct horse")],
  ])(
    "is told to the provider as a secret, also when the program gives plain text: %s",
    async (name, password) => {
      await valueOf(new milvus.User(name, { password }).id);
      expect(registered.get(`User ${name}`)?.inputs as Values).toMatchObject({
        secretInputs: [["password"]],
      });
    },
  );
});
