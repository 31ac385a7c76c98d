/** A fake that names itself as development builds and Zilliz Cloud do: a proxy answers GetVersion and Connect for it. */
import { type FakeMilvus, type FakeOptions, startFakeMilvus } from "./fake-milvus";
import { service } from "./fake-milvus/proto";
import { type Answer, GrpcProxy } from "./grpc-proxy";

/** Of the public sources of servers: see docs/versions.md. */
export const BUILD_WITHOUT_VERSION = "unknown-20260608-7ea6e3526";
export const ZILLIZ_CLOUD = "Zilliz Cloud Vector Database(Compatible with Milvus 2.6)";

export interface Names {
  /** Of GetVersion. */
  readonly text: string;
  /** Of Connect; left out, the fake answers itself. */
  readonly product?: string;
}

const SUCCESS = { error_code: "Success", code: 0 };

export async function startNamedFake(options: FakeOptions, { text, product }: Names): Promise<FakeMilvus> {
  const fake = await startFakeMilvus(options);
  const proxy = await GrpcProxy.to(fake.address);
  const replies: Readonly<Record<string, object>> = {
    GetVersion: { status: SUCCESS, version: text },
    ...(product !== undefined && {
      Connect: { status: SUCCESS, identifier: 7, server_info: { build_tags: product } },
    }),
  };
  proxy.before = ({ method }) => replies[method] && replyTo(method, replies[method]);
  return {
    ...fake,
    address: proxy.address,
    stop: () => {
      proxy.off();
      return fake.stop();
    },
  };
}

function replyTo(method: string, reply: object): Answer {
  const message = service[method]?.responseSerialize(reply) ?? Buffer.alloc(0);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return {
    headers: { ":status": 200, "content-type": "application/grpc" },
    trailers: { "grpc-status": "0" },
    body: Buffer.concat([head, message]),
  };
}
