"use strict";
/**
 * Which files begin: those that take minutes, so that none of them is left over when the others are through. Jest
 * itself knows only after a run, by folder, and begins with the largest files otherwise. Those that mostly wait stand among
 * those that keep the processors busy. What asks for changes of users comes before others have dropped hundreds of
 * collections, which holds those up on a server of the user's.
 */
const { default: Sequencer } = require("@jest/test-sequencer");

const LONG = [
  "faults/calls-data",
  "faults/unreachable.",
  "faults/calls-serving",
  "faults/through-pulumi",
  "faults/kills-data",
  "faults/random-programs",
  "faults/server-killed",
  "live/access",
  "live/multi-tenant",
  "live/untried",
  "live/import",
  "live/blue-green",
  "live/collection-load",
  "live/given-back",
  "live/options-matrix",
  "live/language-matrix",
  "live/replacing-data",
  "live/component",
  "live/alias",
  "live/migrate",
  "live/newer-milvus",
  "live/report.",
  "live/report-large",
  "live/readme",
  "live/templates",
  "contract/milvus-connection",
  "contract/milvus-lite-connection",
  "contract/fake-milvus",
  "contract/milvus.test",
  "faults/soak",
];

module.exports = class extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((a, b) => rankOf(a) - rankOf(b));
  }
};

function rankOf({ path }) {
  const at = LONG.findIndex((name) => path.includes(name));
  return at < 0 ? LONG.length : at;
}
