/** The forms in which servers say what became of a call: only some of them mean that an object is missing. */
import { type Status, verdictOn } from "../../provider/milvus/status";

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
