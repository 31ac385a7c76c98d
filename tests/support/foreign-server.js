"use strict";
/**
 * With MILVUS_ADDRESS set, contract and live tests run against that server, which is the user's: no other is started.
 * Files that need another one are not collected, so that nothing counts as passed or skipped that did not run.
 * jest.config.js reads this list, and tests/support/start-servers.ts prints it.
 */
const FAKES = "runs on a fake Milvus alone, whatever server there is";
const LITE = "needs the Milvus Lite that is started beside the tests' own servers";
const OWN = "starts a server of its own and changes what all its users share";

/** Files in tests/, and why they do not run. */
const LEFT_OUT = {
  "contract/by-hand.test.ts": FAKES,
  "contract/first-answer.test.ts": FAKES,
  "contract/successors.test.ts": FAKES,
  "contract/black-hole.test.ts": "runs on a socket that never answers, whatever server there is",
  "contract/loading-time.test.ts": "runs on a port that nobody listens on, whatever server there is",
  "contract/fake-access.test.ts": FAKES,
  "contract/fake-and-real.test.ts": "holds the fake against a real 2.3.5 that it starts itself",
  "contract/fake-and-recorded.test.ts": FAKES,
  "contract/fake-milvus.test.ts": FAKES,
  "contract/fake-unchanged.test.ts": FAKES,
  "contract/fake-versions.test.ts": FAKES,
  "contract/foreign-run.test.ts": FAKES,
  "contract/milvus-lite.test.ts": LITE,
  "contract/milvus-lite-access.test.ts": LITE,
  "contract/milvus-lite-connection.test.ts": LITE,
  "contract/milvus-resource-groups.test.ts": OWN,
  "contract/passing-failures.test.ts": FAKES,
  "contract/server-names.test.ts": FAKES,
  "live/bench.test.ts": "holds figures that were counted on 2.3.5",
  "live/every-kind.test.ts": FAKES,
  "live/examples.test.ts":
    "runs examples as they are: in the database default, and as root with a password, in plain text",
  "live/every-version.test.ts": FAKES,
  "live/given-back.test.ts": FAKES,
  "live/import.test.ts": FAKES,
  "live/language-matrix.test.ts": FAKES,
  "live/loads-of-newer-milvus.test.ts": FAKES,
  "live/migrate.test.ts": FAKES,
  "live/milvus-lite.test.ts": LITE,
  "live/newer-milvus.test.ts": FAKES,
  "live/options-matrix.test.ts": FAKES,
  "live/options-of-commands.test.ts": FAKES,
  "live/options-of-runs.test.ts": FAKES,
  "live/options.test.ts": FAKES,
  "live/plugin-cancel-load.test.ts": FAKES,
  "live/plugin-status.test.ts": FAKES,
  "live/policy.test.ts": FAKES,
  "live/providers.test.ts": LITE,
  "live/readme.test.ts": "declares what README.md does, under its own names in the database default",
  "live/resource-group.test.ts": OWN,
  "live/server-names.test.ts": FAKES,
  "live/too-old.test.ts": FAKES,
};

const NO_USERS =
  "needs users: set MILVUS_TOKEN=USER:PASSWORD, or MILVUS_USERNAME and MILVUS_PASSWORD; an API key will not do";
/** What does not run either where nobody logs in with a password. */
const NEEDS_USERS = {
  "contract/milvus-access.test.ts": NO_USERS,
  "live/access.test.ts": NO_USERS,
  "live/drift-command.test.ts": NO_USERS,
  "live/multi-tenant.test.ts": NO_USERS,
};

/** What does not run over TLS either. */
const NEEDS_PLAIN_TEXT = {
  "contract/milvus-connection.test.ts":
    "cuts connections and reads them in the middle, which TLS is there to prevent",
};

const isSet = (env, name) => env[name] !== undefined && env[name] !== "";

/** Whoever started servers already, as `npm test` does, means those. */
const isForeign = (env = process.env) =>
  isSet(env, "MILVUS_ADDRESS") && !isSet(env, "PULUMI_MILVUS_TEST_SERVERS");

const hasPassword = (env) =>
  isSet(env, "MILVUS_TOKEN") ? env.MILVUS_TOKEN.includes(":") : isSet(env, "MILVUS_PASSWORD");
const hasTls = (env) =>
  env.MILVUS_ADDRESS.trim().startsWith("https:") || (isSet(env, "MILVUS_TLS") && env.MILVUS_TLS !== "false");

/** [file in tests/, why] of one project; nothing where the tests start their own servers. */
function leftOut(project, env = process.env) {
  if (!isForeign(env)) return [];
  const all = {
    ...LEFT_OUT,
    ...(hasPassword(env) ? {} : NEEDS_USERS),
    ...(hasTls(env) ? NEEDS_PLAIN_TEXT : {}),
  };
  return Object.entries(all).filter(([file]) => file.startsWith(`${project}/`));
}

module.exports = { isForeign, leftOut };
