#!/usr/bin/env node
"use strict";
require("./node-version").demandNode(require("../package.json").engines.node, "pulumi-milvus");
require("../dist/cli/main.js");
