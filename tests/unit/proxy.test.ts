/** Which proxy gRPC goes through. The rules are gRPC's own, so its own answer is what counts. */
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";

import { proxyBefore } from "../../provider/milvus/proxy";

interface Mapped {
  readonly target: { readonly scheme?: string; readonly path: string };
}

const fromSdk = createRequire(require.resolve("@zilliz/milvus2-sdk-node"));
const grpc = fs.realpathSync(path.dirname(fromSdk.resolve("@grpc/grpc-js/package.json")));
const { mapProxyName } = jest.requireActual<{ mapProxyName: (target: object, options: object) => Mapped }>(
  path.join(grpc, "build", "src", "http_proxy.js"),
);

const NAMES = ["grpc_proxy", "https_proxy", "http_proxy", "no_grpc_proxy", "no_proxy"];
const before = { ...process.env };
// gRPC complains of what it cannot use.
beforeEach(() => void jest.spyOn(console, "error").mockImplementation());
afterEach(() => {
  process.env = { ...before };
  jest.restoreAllMocks();
});

const PROXY = "http://bob:s3cret@proxy.example.com:3128";

describe("the proxy before milvus.example.com or 10.1.2.3", () => {
  test.each<[Record<string, string>, string, string | undefined]>([
    [{}, "milvus.example.com:19530", undefined],
    [{ http_proxy: PROXY }, "milvus.example.com:19530", "http_proxy proxy.example.com:3128"],
    [{ http_proxy: "http://proxy" }, "10.1.2.3:1", "http_proxy proxy:80"],
    [{ http_proxy: PROXY, https_proxy: "http://tls:1" }, "10.1.2.3:1", "https_proxy tls:1"],
    [{ https_proxy: PROXY, grpc_proxy: "http://grpc:1" }, "10.1.2.3:1", "grpc_proxy grpc:1"],
    [{ http_proxy: PROXY, https_proxy: "https://tls:1" }, "10.1.2.3:1", undefined],
    [{ http_proxy: "no address" }, "10.1.2.3:1", undefined],
    [{ HTTP_PROXY: PROXY }, "10.1.2.3:1", undefined],
    [{ http_proxy: PROXY, no_proxy: "other,example.com" }, "milvus.example.com:19530", undefined],
    [
      { http_proxy: PROXY, no_proxy: "example.org" },
      "milvus.example.com:1",
      "http_proxy proxy.example.com:3128",
    ],
    [{ http_proxy: PROXY, no_proxy: "10.0.0.0/8" }, "10.1.2.3:1", undefined],
    [{ http_proxy: PROXY, no_proxy: "10.0.0.0/16" }, "10.1.2.3:1", "http_proxy proxy.example.com:3128"],
    [
      { http_proxy: PROXY, no_proxy: "10.1.2.3", no_grpc_proxy: "x" },
      "10.1.2.3:1",
      "http_proxy proxy.example.com:3128",
    ],
    [{ http_proxy: PROXY, no_proxy: "::1" }, "[::1]:19530", undefined],
  ])("with %j, to %s, is %s, as gRPC has it", (environment, server, expected) => {
    for (const name of NAMES) delete process.env[name];
    Object.assign(process.env, environment);
    const found = proxyBefore(server, process.env);
    expect(found && `${found.variable} ${found.address}`).toBe(expected);
    const { target } = mapProxyName({ scheme: "dns", path: server }, {});
    expect(target.path).toBe(found?.address ?? server);
  });
});
