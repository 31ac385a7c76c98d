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

module.exports = {
  testTimeout: 240_000,
  testSequencer: "<rootDir>/tests/support/longest-first.js",
  projects: [project("unit"), onAnyServer("contract"), onAnyServer("live"), faults],
};
