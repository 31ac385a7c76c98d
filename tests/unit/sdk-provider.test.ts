/** What the SDK's Provider says of its server beside its settings. */
import * as pulumi from "@pulumi/pulumi";

import * as milvus from "../../sdk/nodejs";
import type { Values } from "../support/declared";
import { valueOf, withoutEngine } from "../support/pulumi-mocks";

const registered = withoutEngine();
let made = 0;

async function madeByStack(address: pulumi.Input<string>): Promise<unknown> {
  const provider = new milvus.Provider(`own${++made}`, { address });
  await valueOf(provider.id);
  return (registered.get(`pulumi-nodejs own${made}`)?.inputs as Values | undefined)?.["milvus:madeByStack"];
}

describe("an address", () => {
  test("that comes out of a resource is that of a server that may be starting", async () => {
    const server = new milvus.Database("stands_for_a_server", {});
    expect(await madeByStack(server.id)).toBe("true");
    expect(await madeByStack(pulumi.interpolate`http://${server.databaseName}:19530`)).toBe("true");
    expect(
      await madeByStack(pulumi.output("127.0.0.1").apply((host) => pulumi.interpolate`${host}:${server.id}`)),
    ).toBe("true");
  });

  test("of anything else is not, nor one of another stack", async () => {
    expect(await madeByStack("127.0.0.1:19530")).toBeUndefined();
    expect(await madeByStack(pulumi.secret("127.0.0.1:19530"))).toBeUndefined();
    const other = new pulumi.StackReference("organization/other/dev");
    expect(await madeByStack(other.id.apply(() => "127.0.0.1:19530"))).toBeUndefined();
  });
});
