/** The forms in which servers say what became of a call: only some of them mean that an object is missing. */
import { type Status, tooFewNodes, verdictOn, withoutStackTrace } from "../../provider/milvus/status";

const GONE = "can't find collection[database=default][collection=docs]";

test.each<[string, Status, "success" | "missing" | "passing" | "failed", number | undefined]>([
  ["success", { error_code: "Success", code: 0 }, "success", undefined],
  ["success of a server without codes", { error_code: "Success" }, "success", undefined],

  ["2.3.5, DescribeCollection", { error_code: "UnexpectedError", code: 100, reason: GONE }, "missing", 100],
  ["2.3.5, other calls", { error_code: "CollectionNotExists", code: 100 }, "missing", 100],
  ["2.4, DescribeCollection", { error_code: "UnexpectedError", code: 100, reason: GONE }, "missing", 100],
  [
    "2.5.27 and 2.6.19, DescribeCollection",
    { error_code: "CollectionNotExists", code: 0, reason: GONE },
    "missing",
    100,
  ],
  ["3.0.0, DescribeCollection", { error_code: "CollectionNotExists", code: 100 }, "missing", 100],
  ["Milvus Lite, DescribeCollection", { error_code: "CollectionNotExists", code: 100 }, "missing", 100],
  ["a missing partition", { error_code: "MetaFailed", code: 200 }, "missing", 200],
  ["a missing partition of Milvus Lite", { error_code: "200", code: 200 }, "missing", 200],
  ["a missing resource group", { error_code: "UnexpectedError", code: 300 }, "missing", 300],
  ["a missing replica", { error_code: "MetaFailed", code: 400 }, "missing", 400],
  ["a missing index", { error_code: "IndexNotExist", code: 700 }, "missing", 700],
  ["a missing index of Milvus Lite", { error_code: "IllegalRowRecord", code: 700 }, "missing", 700],
  ["a missing database", { error_code: "UnexpectedError", code: 800 }, "missing", 800],
  ["a missing alias", { error_code: "UnexpectedError", code: 1600 }, "missing", 1600],

  [
    "the new code counts when both are set",
    { error_code: "CollectionNotExists", code: 65535 },
    "failed",
    65535,
  ],
  ["and is not taken for another", { error_code: "CollectionNotExists", code: 7 }, "failed", 7],
  ["an old code of something else", { error_code: "UnexpectedError", code: 0, reason: GONE }, "failed", 0],
  ["an old code alone, of something else", { error_code: "IllegalArgument" }, "failed", undefined],
  ["an old code by its number", { error_code: 4, code: 0 }, "failed", 0],
  ["success with the code of a missing collection", { error_code: "Success", code: 100 }, "failed", 100],
  ["success with a failure of Milvus Lite", { error_code: "Success", code: 1 }, "failed", 1],
  ["success with a code that nobody knows", { error_code: "Success", code: 4711 }, "failed", 4711],
  [
    "a text that speaks of something missing",
    { error_code: "UnexpectedError", code: 65535, reason: GONE },
    "failed",
    65535,
  ],
  [
    "a server that is not ready",
    { error_code: "NotReadyServe", code: 1, reason: "service not ready" },
    "passing",
    1,
  ],
  ["a code that Milvus says to try again", { error_code: "UnexpectedError", code: 8 }, "passing", 8],
  [
    "what the server calls retriable",
    { error_code: "UnexpectedError", code: 65535, retriable: true },
    "passing",
    65535,
  ],
  ["a number of Milvus Lite's own", { error_code: "6", code: 6 }, "failed", 6],
])("%s: %p is %s", (_, status, kind, code) => {
  expect(verdictOn(status)).toMatchObject(kind === "success" ? { kind } : { kind, code });
});

const TRACE =
  "call query coordinator LoadCollection: stack trace: pkg/tracer/stack_trace.go:51 github.com/milvus-io/milvus/pkg/v2/tracer.StackTrace\n" +
  "internal/util/grpcclient/client.go:579 github.com/milvus-io/milvus/internal/util/grpcclient.(*ClientBase[...]).Call\n" +
  "internal/distributed/mixcoord/client/client.go:158 github.com/milvus-io/milvus/internal/distributed/mixcoord/client.wrapGrpcCall[...]\n" +
  "/usr/local/go/src/runtime/asm_amd64.s:1695 runtime.goexit: ";
const STREAMING = "service resource insufficient[currentStreamingNode=1][expectedStreamingNode=2]";
const GROUP =
  "resource group node not enough[rg=__default_resource_group][currentNodeNum=1][expectedNodeNum=2]";

describe("too few nodes", () => {
  test.each<[string, Status, string, number | undefined, "passing" | "failed"]>([
    [
      "2.6.19, a first load",
      { code: 12, retriable: true, reason: `${TRACE}${STREAMING}` },
      STREAMING,
      1,
      "failed",
    ],
    [
      "2.6, with what it was doing",
      { code: 65535, reason: `${TRACE}when load 2 replica count: ${STREAMING}` },
      `when load 2 replica count: ${STREAMING}`,
      1,
      "failed",
    ],
    [
      "2.6 that is starting",
      { code: 12, reason: STREAMING.replace("=1", "=0") },
      STREAMING.replace("=1", "=0"),
      0,
      "passing",
    ],
    [
      "2.5.27, a first load",
      {
        code: 65535,
        reason: `call query coordinator LoadCollection: failed to spawn replica for collection: ${GROUP}`,
      },
      `failed to spawn replica for collection: ${GROUP}`,
      1,
      "failed",
    ],
    ["2.5.27 and later, a move of nodes", { code: 304, reason: GROUP }, GROUP, 1, "failed"],
    [
      "2.5 that is starting",
      { code: 304, reason: GROUP.replace("=1", "=0") },
      GROUP.replace("=1", "=0"),
      0,
      "passing",
    ],
    ["2.3.5", { code: 65535, reason: "nodes not enough" }, "nodes not enough", undefined, "failed"],
    [
      "2.2",
      {
        code: 1,
        reason: "failed to load collection, err=failed to spawn replica for collection[nodes not enough]",
      },
      "failed to load collection, err=failed to spawn replica for collection[nodes not enough]",
      undefined,
      "failed",
    ],
  ])("are recognised in the words of %s", (_server, status, words, present, kind) => {
    expect(tooFewNodes(status.reason ?? "")).toEqual({
      reason: words,
      ...(present !== undefined && { present }),
    });
    expect(verdictOn({ error_code: "UnexpectedError", ...status })).toMatchObject({ kind });
  });

  test.each([
    "service resource insufficient",
    "node offline[node=1]",
    "there is no vector index on collection",
    "resource group not found[rg=fast]",
  ])("are not what %s says", (reason) => {
    expect(tooFewNodes(reason)).toBeUndefined();
  });
});

test.each([
  [`${TRACE}node offline[node=3]`, "call query coordinator LoadCollection: node offline[node=3]"],
  ["stack trace: a/b.go:1 main.main\nc.go:2 main.f\n: no such thing", ": no such thing"],
  ["failed at proxy.go:12 for a reason", "failed at proxy.go:12 for a reason"],
])("a reason is told without a stack trace: %j", (reason, told) => {
  expect(withoutStackTrace(reason)).toBe(told);
});
