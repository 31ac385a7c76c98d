"use strict";
/**
 * node tools/run.js <command> [args]: makes a clone ready, fresh or not, and runs tools/<command>.ts in this process.
 * Uses nothing but Node itself until the packages are installed. A Node that is too old has to read this file as well.
 */
require("../bin/node-version").demandNode(require("../package.json").engines.node, "pulumi-milvus");

const { spawnSync } = require("node:child_process");
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const ROOT = path.dirname(__dirname);
const MODULES = path.join(ROOT, "node_modules");
const LOCK = path.join(ROOT, "package-lock.json");
/** What was installed last: the hash of package-lock.json then. */
const INSTALLED = path.join(MODULES, ".pulumi-milvus-installed");
/** Touched after each build. Not in dist, which is published. */
const BUILT = path.join(MODULES, ".pulumi-milvus-built");
const SOURCES = [
  "bin",
  "sdk",
  "provider",
  "cli",
  "tools/plugin",
  "package.json",
  "tsconfig.json",
  "tsconfig.build.json",
];

function main([command = "", ...args]) {
  const script = path.join(__dirname, `${command}.ts`);
  if (!/^[a-z-]+$/.test(command) || !fs.existsSync(script)) {
    fail(`usage: node tools/run.js <command> [args]; there is no command "${command}"`);
  }
  installPackages();
  build();
  // In this process: nothing to pass on (signals, exit code, terminal) and nobody to leave behind.
  process.argv = [process.argv[0], script, ...args];
  // Types are checked by `npm run check`; SWC starts two seconds sooner than the compiler.
  require("ts-node").register({ cwd: ROOT, transpileOnly: true, swc: true });
  require(script);
}

function installPackages() {
  const wanted = crypto.createHash("sha256").update(fs.readFileSync(LOCK)).digest("hex");
  if (readIfThere(INSTALLED) === wanted) {
    return;
  }
  if (!isInstalled()) {
    progress("installing packages and building (npm ci)");
    const now = new Date();
    npm("ci", "--no-audit", "--no-fund", "--loglevel=error");
    noteBuilt(now);
  }
  fs.writeFileSync(INSTALLED, wanted);
}

/** Somebody may have run npm by hand: then its own list of what it installed matches the lock file. */
function isInstalled() {
  const there = readIfThere(path.join(MODULES, ".package-lock.json"));
  if (there === undefined) {
    return false;
  }
  const installed = JSON.parse(there).packages;
  return Object.entries(JSON.parse(fs.readFileSync(LOCK, "utf8")).packages).every(
    ([folder, wanted]) =>
      !folder.includes("node_modules/") ||
      (wanted.optional && !installed[folder]) ||
      (installed[folder] || {}).version === wanted.version,
  );
}

function build() {
  const builtAt = fs.existsSync(path.join(ROOT, "dist")) ? modified(BUILT) : 0;
  if (SOURCES.every((source) => newestIn(path.join(ROOT, source)) < builtAt)) {
    return;
  }
  progress("building (npm run build)");
  // As of now: a source that is saved while the compiler runs counts as newer.
  const now = new Date();
  npm("run", "--silent", "build");
  noteBuilt(now);
}

function noteBuilt(when) {
  fs.writeFileSync(BUILT, "");
  fs.utimesSync(BUILT, when, when);
}

/** When the newest file in there was changed. Folders count too: removing a file changes its folder. */
function newestIn(file) {
  if (!fs.existsSync(file) || !fs.statSync(file).isDirectory()) {
    return modified(file);
  }
  const children = fs.readdirSync(file).filter((name) => name !== "node_modules");
  return Math.max(modified(file), ...children.map((name) => newestIn(path.join(file, name))));
}

function modified(file) {
  return fs.existsSync(file) ? fs.statSync(file).mtimeMs : 0;
}

/** The npm that started us, or the one on PATH. Its output goes to stderr, as all progress does. */
function npm(...args) {
  const own = process.env.npm_execpath;
  const [command, ...before] =
    own && /npm-cli\.[cm]?js$/.test(own)
      ? [process.execPath, own]
      : [process.platform === "win32" ? "npm.cmd" : "npm"];
  const options = { cwd: ROOT, stdio: ["ignore", 2, 2], shell: process.platform === "win32" };
  const { status, signal, error } = spawnSync(command, [...before, ...args], options);
  if (signal) {
    process.kill(process.pid, signal);
  }
  if (error || status !== 0) {
    fail(`npm ${args.join(" ")} failed${error ? `: ${error.message}` : ""}`);
  }
}

function readIfThere(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}

function progress(message) {
  process.stderr.write(`pulumi-milvus: ${message}\n`);
}

function fail(message) {
  progress(message);
  process.exit(1);
}

main(process.argv.slice(2));
