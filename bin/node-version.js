"use strict";
/**
 * Tells whoever starts this with a Node that is too old, in one line. It is loaded before everything else, by the command line,
 * the plugin and the tools, so that any Node has to read it: plain JavaScript of long ago, and nothing required.
 */

/** Of "^20.19.0 || >=22.12.0"; `engines` of package.json says it in no other form. */
function linesIn(range) {
  return range.split("||").map(function (text) {
    var found = /^\s*(\^|>=)(\d+)\.(\d+)\.(\d+)\s*$/.exec(text);
    if (found === null) throw new Error(range + " is no list of ^A.B.C and >=A.B.C");
    return { least: found.slice(2).map(Number), ofItsMajor: found[1] === "^" };
  });
}

function isIn(line, version) {
  if (line.ofItsMajor && version[0] !== line.least[0]) return false;
  for (var part = 0; part < 3; part += 1) {
    if (version[part] !== line.least[part]) return version[part] > line.least[part];
  }
  return true;
}

function described(line) {
  return line.least.join(".") + (line.ofItsMajor ? " or a later " + line.least[0] + ".x" : " or later");
}

/** Undefined where the version is in the range. */
function whyNot(range, version) {
  var lines = linesIn(range);
  var parts = version.replace(/^v/, "").split(/[.-]/, 3).map(Number);
  for (var at = 0; at < lines.length; at += 1) if (isIn(lines[at], parts)) return undefined;
  return "needs Node.js " + lines.map(described).join(", or ") + "; this is " + version;
}

/** Ends the process where it is too old. `who` begins the line. */
function demandNode(range, who) {
  var why = whyNot(range, process.version);
  if (why === undefined) return;
  process.stderr.write(who + ": it " + why + ", " + process.execPath + "\n");
  process.exit(1);
}

module.exports = { demandNode: demandNode, whyNot: whyNot };
