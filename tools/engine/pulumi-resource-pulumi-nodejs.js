"use strict";
/**
 * Starts the dynamic provider of the @pulumi/pulumi that the program uses, as the script of that name in
 * @pulumi/pulumi does: the engine starts it in the program's folder. Other than there no shell stands between, and the
 * provider ends when the engine was killed: the pipe on its standard input closes then.
 */
const { createRequire } = require("node:module");
const path = require("node:path");

const quit = () => process.exit(0);
process.stdin.on("end", quit).on("close", quit).on("error", quit).resume();

const provider = createRequire(path.join(process.cwd(), "program.js")).resolve(
  "@pulumi/pulumi/cmd/dynamic-provider",
);
process.argv[1] = provider;
require(provider);
