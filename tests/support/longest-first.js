"use strict";
/**
 * Which files begin: those that take minutes, so that none of them is left over when the others are through. Jest
 * itself knows only after a run, by folder, and begins with the largest files otherwise.
 */
const { default: Sequencer } = require("@jest/test-sequencer");

const LONG = [
  "faults/calls-data",
  "faults/kills-data",
  "faults/calls-serving",
  "faults/kills-serving",
  "faults/through-pulumi",
  "faults/unreachable.",
  "faults/random-programs",
  "faults/server-killed",
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
