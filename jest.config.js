"use strict";
const { leftOut } = require("./tests/support/foreign-server");

/** Four kinds of tests; contract, live and faults run against real servers, started once (tests/support/servers.ts). */
const project = (name, settings = {}) => ({
  displayName: name,
  rootDir: __dirname,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/node_modules/pulumi-milvus"],
  watchPathIgnorePatterns: ["<rootDir>/dist"],
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }],
    "/node_modules/uuid/.+\\.js$": ["@swc/jest", { jsc: { target: "es2022" } }],
  },
  // The Milvus SDK requires uuid, which is ESM alone: Node takes that, Jest does not.
  transformIgnorePatterns: ["/node_modules/(?!uuid/)"],
  ...settings,
});

const escaped = (text) => text.replaceAll(".", "\\.");

/** Of the server that MILVUS_ADDRESS names, if any: see docs/testing.md. */
const onAnyServer = (name) =>
  project(name, {
    ...withServers,
    testPathIgnorePatterns: ["/node_modules/", ...leftOut(name).map(([file]) => `/tests/${escaped(file)}$`)],
  });

/**
 * What is about the plugin whatever the engine of the tests is, or about neither engine: `npm test` runs it, and a run of the
 * live tests over the plugin has no need of it.
 */
const OF_NO_ENGINE = [
  "bench",
  "component",
  "examples",
  "import",
  "language-matrix",
  "languages",
  "migrate",
  "multi-tenant",
  "plugin",
  "plugin-cancel",
  "plugin-cancel-load",
  "plugin-policy",
  "plugin-status",
  "readme",
  "replacing-data-plugin",
  "templates",
  "testing-programs",
].map((name) => `/tests/live/${name}\\.test\\.ts$`);

const withServers = {
  globalSetup: "<rootDir>/tests/support/start-servers.ts",
  globalTeardown: "<rootDir>/tests/support/stop-servers.ts",
};

/**
 * In `npm run faults` alone: the runner that `action` needs and the installation of `package-add` take minutes, and of the
 * others `npm test` has the like on other objects, or on one server.
 */
const inFullRun = ["action", "kills-serving", "package-add", "strangers-of-newer", "two-stacks"].map(
  (name) => `/tests/faults/${name}\\.test\\.ts$`,
);
const faults = project("faults", {
  ...withServers,
  testPathIgnorePatterns: [
    "/node_modules/",
    ...(process.env.PULUMI_MILVUS_FAULTS_FULL === "true" ? [] : inFullRun),
  ],
});

const live = onAnyServer("live");
if (process.env.PULUMI_MILVUS_TEST_ENGINE === "plugin") live.testPathIgnorePatterns.push(...OF_NO_ENGINE);

module.exports = {
  testTimeout: 240_000,
  testSequencer: "<rootDir>/tests/support/longest-first.js",
  projects: [project("unit"), onAnyServer("contract"), live, faults],
};
