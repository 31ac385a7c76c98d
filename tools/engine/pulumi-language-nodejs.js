"use strict";
/**
 * A small language host for Node.js: what the engine asks to run a JavaScript or TypeScript program. Used only beside
 * the engine that tools/engine.ts builds itself; every official installation brings its own. The work is done by
 * `cmd/run` of the program's own @pulumi/pulumi, as there.
 *
 * The engine starts it in the project's folder and reads the port from the first line of its output; what follows on
 * standard output and error is shown as the program's. Its standard input is a pipe that closes with the engine.
 *
 * In a project whose packages are not there yet, which `pulumi new` installs, it finds @pulumi/pulumi through NODE_PATH.
 */
const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");

/** cmd/run says so when it has already told the user what went wrong. */
const ALREADY_REPORTED = 32;
/** As the engine has it: sdk/go/common/util/rpcutil, 400 MB. */
const MOST_BYTES = 400 * 1024 * 1024;

let engineAddress = process.argv.at(-1);
let running;
const plugins = new Set();

const fromProject = requireFrom(process.cwd());
const messages = fromProject("@pulumi/pulumi/proto/language_pb");
const { LanguageRuntimeService } = fromProject("@pulumi/pulumi/proto/language_grpc_pb");
const { PluginInfo } = fromProject("@pulumi/pulumi/proto/plugin_pb");
const { Empty } = createRequire(fromProject.resolve("@pulumi/pulumi"))(
  "google-protobuf/google/protobuf/empty_pb",
);
const grpc = createRequire(fromProject.resolve("@pulumi/pulumi"))("@grpc/grpc-js");

/** `require` as a file in that folder would have it. */
function requireFrom(folder) {
  const requireThere = createRequire(path.join(folder, "program.js"));
  try {
    requireThere.resolve("@pulumi/pulumi");
  } catch {
    console.error(`@pulumi/pulumi is not installed in ${folder}: run npm install there`);
    process.exit(1);
  }
  return requireThere;
}

function run(call, callback) {
  const request = call.request;
  const info = request.getInfo();
  const programFolder = info?.getProgramDirectory() || request.getPwd();
  const options = info?.getOptions()?.toJavaScript() ?? {};
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    project: request.getProject(),
    stack: request.getStack(),
    organization: request.getOrganization(),
    pwd: request.getPwd(),
    parallel: request.getParallel(),
    "root-directory": info?.getRootDirectory(),
  };
  const nodeArguments =
    typeof options.nodeargs === "string" ? options.nodeargs.split(/\s+/).filter(Boolean) : [];
  const args = [
    ...nodeArguments,
    requireFrom(programFolder).resolve("@pulumi/pulumi/cmd/run"),
    ...Object.entries(flags).flatMap(([name, value]) => (value ? [`--${name}=${value}`] : [])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info?.getEntryPoint() || ".",
    ...request.getArgsList(),
  ];
  const env = {
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
    ...(options.tsconfig ? { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig } : {}),
  };
  running = spawn(process.execPath, args, {
    cwd: request.getPwd(),
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  running.once("error", (error) => callback(error));
  running.once("exit", (code, signal) => {
    running = undefined;
    const response = new messages.RunResponse();
    if (code === ALREADY_REPORTED) {
      response.setBail(true);
    } else if (code !== 0) {
      response.setError(
        `Program exited with ${code === null ? `signal ${signal}` : `non-zero exit code: ${code}`}`,
      );
    }
    callback(null, response);
  });
}

function getProgramDependencies(call, callback) {
  const folder = call.request.getInfo()?.getProgramDirectory() ?? process.cwd();
  const response = new messages.GetProgramDependenciesResponse();
  try {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(
      fs.readFileSync(path.join(folder, "package.json"), "utf8"),
    );
    for (const [name, version] of Object.entries({ ...devDependencies, ...dependencies })) {
      const dependency = new messages.DependencyInfo();
      dependency.setName(name);
      dependency.setVersion(version);
      response.addDependencies(dependency);
    }
  } catch {
    // Only told by `pulumi about`: a program without a package.json has none to tell.
  }
  callback(null, response);
}

/** For `pulumi new` and `pulumi install`. */
function installDependencies(call) {
  const { NODE_PATH: _ours, ...env } = process.env;
  running = spawn("npm", ["install"], {
    cwd: call.request.getDirectory(),
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const tell = (stream) => (text) => {
    const response = new messages.InstallDependenciesResponse();
    response[stream](text);
    call.write(response);
  };
  const fail = (details) => call.emit("error", { code: grpc.status.UNKNOWN, details });
  running.stdout.on("data", tell("setStdout"));
  running.stderr.on("data", tell("setStderr"));
  running.once("error", ({ message }) => fail(`npm cannot be run: ${message}`));
  running.once("close", (code) => {
    running = undefined;
    if (code === 0) call.end();
    else fail(`npm install ended with exit code ${code}`);
  });
}

/** A plugin whose folder has a PulumiPlugin.yaml: what its package.json calls `main`, as `cmd/run-plugin` starts it. */
function runPlugin(call) {
  const { request } = call;
  const folder = request.getInfo().getProgramDirectory();
  const { typescript = true } = request.getInfo().getOptions()?.toJavaScript() ?? {};
  const runner = requireFrom(folder).resolve("@pulumi/pulumi/cmd/run-plugin");
  const variables = request
    .getEnvList()
    .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
  const plugin = spawn(process.execPath, [runner, folder, ...request.getArgsList()], {
    cwd: request.getPwd(),
    env: { ...Object.fromEntries(variables), PULUMI_NODEJS_TYPESCRIPT: String(typescript) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  plugins.add(plugin);
  const tell = (stream) => (bytes) => {
    const response = new messages.RunPluginResponse();
    response[stream](bytes);
    call.write(response);
  };
  plugin.stdout.on("data", tell("setStdout"));
  plugin.stderr.on("data", tell("setStderr"));
  plugin.once("error", ({ message }) =>
    call.emit("error", { code: grpc.status.UNKNOWN, details: `node cannot be run: ${message}` }),
  );
  plugin.once("close", (code) => {
    plugins.delete(plugin);
    tell("setExitcode")(code ?? 1);
    call.end();
  });
  // The engine ends a plugin by ending the call.
  call.once("cancelled", () => plugin.kill("SIGKILL"));
}

/** For `pulumi import`. The generator is Pulumi's own, in Go: tools/languages builds it, and puts it on PATH. */
function generateProgram(call, callback) {
  const input = call.request.serializeBinary();
  const { status, stdout, stderr, error } = spawnSync("print-nodejs", { input, maxBuffer: MOST_BYTES });
  if (status === 0) return callback(null, messages.GenerateProgramResponse.deserializeBinary(stdout));
  const details = error === undefined ? String(stderr) : `no code can be printed here: ${error.message}`;
  callback({ code: grpc.status.UNKNOWN, details });
}

const server = new grpc.Server({ "grpc.max_receive_message_length": MOST_BYTES });
server.addService(LanguageRuntimeService, {
  handshake: (call, callback) => {
    engineAddress = call.request.getEngineAddress() || engineAddress;
    callback(null, new messages.LanguageHandshakeResponse());
  },
  getPluginInfo: (_call, callback) => callback(null, new PluginInfo()),
  // Plugins are never fetched with this engine: they are there or they are not.
  getRequiredPlugins: (_call, callback) => callback(null, new messages.GetRequiredPluginsResponse()),
  getRequiredPackages: (_call, callback) => callback(null, new messages.GetRequiredPackagesResponse()),
  runtimeOptionsPrompts: (_call, callback) => callback(null, new messages.RuntimeOptionsResponse()),
  about: (_call, callback) => {
    const response = new messages.AboutResponse();
    response.setExecutable(process.execPath);
    response.setVersion(process.version);
    callback(null, response);
  },
  getProgramDependencies,
  installDependencies,
  runPlugin,
  generateProgram,
  run,
  cancel: (_call, callback) => {
    running?.kill("SIGTERM");
    callback(null, new Empty());
  },
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    console.error(String(error));
    process.exit(1);
  }
  console.log(port);
});

/** With the engine goes its language host, and with that the program. */
function quit() {
  for (const child of [running, ...plugins]) child?.kill("SIGKILL");
  process.exit(0);
}
process.stdin.on("end", quit).on("close", quit).on("error", quit).resume();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, quit);
}
