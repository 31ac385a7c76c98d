/**
 * Milvus servers for development: the full standalone server 2.3.5 and Milvus Lite, both out of the Python package
 * registry. The 2.3.5 wheel carries the server binary and a Python wrapper that unpacks it anew for each data folder
 * (half a minute); here it is unpacked once into the cache and started directly (seconds), with every port and every
 * path of its own, so that any number of servers run side by side.
 */
import { DataType, MilvusClient } from "@zilliz/milvus2-sdk-node";
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { ensureEntry, shortHash } from "./cache";
import { freePorts, isFree } from "./ports";
import { type Guarded, keepTemporary, removeTemporary, spawnGuarded, temporaryFolder } from "./processes";
import { describeDuration, messageOf, progress, sleep, tail } from "./progress";
import { findPython, onlyFile, type Python, runPip, runPythonOrFail } from "./python";

const MILVUS_VERSION = "2.3.5";
const LITE_VERSION = "3.2.2";
/** Milvus Lite needs generated code out of this package. */
const LITE_CLIENT_VERSION = "3.0.2";
const OWN_SERVER = "set MILVUS_ADDRESS (and MILVUS_TOKEN) to use a Milvus of your own instead.";
/** A server that was killed needs up to half a minute before it takes DDL again. */
const READY_WITHIN = 90_000;
const PROBE_TIMEOUT = 5_000;

/** Server-side TLS as Milvus's own settings have it. Paths of PEM files. */
export interface TlsOptions {
  /** 1: the server shows a certificate. 2: the client must show one too. */
  tlsMode: 1 | 2;
  serverPemPath: string;
  serverKeyPath: string;
  caPemPath: string;
  /** What the readiness probe shows in mode 2; the server's certificate must then be good for "localhost". */
  clientPemPath?: string;
  clientKeyPath?: string;
}

export interface MilvusOptions {
  /** With users and passwords: root gets a random one. */
  authorization?: boolean;
  tls?: TlsOptions;
  /** Kept when the server stops. Default: a temporary folder, removed with the server. */
  dataDir?: string;
  /** Default: any free one. */
  port?: number;
  /**
   * How long the server believes in a part of itself that was killed (`common.session.ttl`): a start on the data of
   * a server that ran before needs about as long. Default 30, as Milvus has it, and 5 with `dataDir`. A test that
   * kills and restarts, and is not about that wait, sets it to 5.
   */
  sessionSeconds?: number;
}

export interface LiteOptions {
  dataDir?: string;
  port?: number;
}

export interface Server {
  readonly address: string;
  readonly username?: string;
  readonly password?: string;
  /** Of a server that is not ours, when it is reached with one. */
  readonly token?: string;
  /** As the server reports it: "v2.3.5-lite", "milvus_lite-3.2.2". */
  readonly version: string;
  /** Undefined for a server that is not ours. */
  readonly pid: number | undefined;
  /** False once it ended, whatever ended it. */
  readonly running: boolean;
  /** Not started here (MILVUS_ADDRESS): stop does nothing, kill and restart are refused. */
  readonly external: boolean;
  /** Where its logs are, for a failing test. */
  readonly logFile?: string;
  readonly runFolder?: string;
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Lets it live on when this process ends; whoever asked for that ends it by `pid` and removes `runFolder`. */
  keep(): void;
  /** Stops it if it still runs and starts it again: same data, same port, same password. */
  restart(): Promise<void>;
}

/** How a client reaches a server; what the probes need. */
interface Access {
  address: string;
  username?: string;
  password?: string;
  token?: string;
  tls?: TlsOptions;
}

// ---------------------------------------------------------------------------------------------------------------
// The user's own server

/** The server of MILVUS_ADDRESS if that is set, else a new one. */
export async function useMilvus(options: MilvusOptions = {}): Promise<Server> {
  const address = process.env["MILVUS_ADDRESS"];
  if (address === undefined || address === "") {
    return startMilvus(options);
  }
  const username = process.env["MILVUS_USERNAME"];
  const password = process.env["MILVUS_PASSWORD"];
  const access = { address, username, password, token: process.env["MILVUS_TOKEN"] };
  const version = await serverVersion(access).catch((error: unknown) => {
    throw new Error(`the Milvus of MILVUS_ADDRESS (${address}) does not answer: ${messageOf(error)}`);
  });
  progress(`using the Milvus ${version} of MILVUS_ADDRESS (${address})`);
  const refuse = () => Promise.reject(new Error(`the server ${address} was not started here`));
  return {
    address,
    username,
    password,
    token: access.token,
    version,
    pid: undefined,
    running: true,
    external: true,
    stop: () => Promise.resolve(),
    keep: () => undefined,
    kill: refuse,
    restart: refuse,
  };
}

// ---------------------------------------------------------------------------------------------------------------
// Milvus 2.3.5

const PORTS_FILE = "ports.json";

const PORT_NAMES = [
  "proxy",
  "proxyInternal",
  "rootCoord",
  "queryCoord",
  "dataCoord",
  "indexCoord",
  "queryNode",
  "dataNode",
  "indexNode",
  "etcdClient",
  "etcdPeer",
  "metrics",
] as const;

type MilvusPorts = Record<(typeof PORT_NAMES)[number], number>;

export async function startMilvus(options: MilvusOptions = {}): Promise<Server> {
  const program = await ensureMilvus();
  const dataDir = options.dataDir === undefined ? undefined : path.resolve(options.dataDir);
  const runFolder = temporaryFolder("pulumi-milvus-server-");
  const dataFolder = dataDir ?? path.join(runFolder, "data");
  fs.mkdirSync(dataFolder, { recursive: true });
  const password = options.authorization ? rememberedPassword(dataDir) : undefined;
  const logFile = path.join(runFolder, "server.log");
  const probe = probeName();
  let passwordIsSet = false;

  const start = async (ports: MilvusPorts): Promise<Running> => {
    writeConfiguration({ program, runFolder, dataFolder, ports, options });
    const guarded = spawnLogged(path.join(program, "bin", "milvus"), ["run", "standalone"], logFile, {
      cwd: runFolder,
      env: milvusEnvironment(program, runFolder, ports),
      folders: [runFolder],
      disposable: dataDir === undefined,
      // Its parts have closed their files after milliseconds; the proxy then waits for them for half a minute.
      graceSeconds: 4,
    });
    const access: Access = { address: `127.0.0.1:${ports.proxy}`, tls: options.tls };
    if (password !== undefined) {
      Object.assign(access, { username: "root", password });
    }
    const version = await readyOrDead(guarded, logFile, async () => {
      await healthy(ports.metrics);
      checkProxyPort(logFile, ports.proxy);
      if (password !== undefined && !passwordIsSet) {
        await setRootPassword(access);
        passwordIsSet = true;
      }
      return acceptsCollections(access, probe);
    });
    return { guarded, access, version };
  };

  return manage({
    name: `Milvus ${MILVUS_VERSION}`,
    runFolder,
    logFile,
    keepsData: options.dataDir !== undefined,
    start,
    fixedPort: options.port,
    choosePorts: (attempt) =>
      dataDir === undefined || attempt > 1
        ? chooseMilvusPorts(options.port, dataDir)
        : rememberedPorts(options.port, dataDir),
  });
}

async function chooseMilvusPorts(proxyPort: number | undefined, dataDir?: string): Promise<MilvusPorts> {
  const free = await freePorts(PORT_NAMES.length);
  const ports = Object.fromEntries(PORT_NAMES.map((name, index) => [name, free[index]])) as MilvusPorts;
  ports.proxy = proxyPort ?? ports.proxy;
  if (dataDir !== undefined) {
    fs.writeFileSync(path.join(dataDir, PORTS_FILE), JSON.stringify(ports, undefined, 2));
  }
  return ports;
}

/**
 * Kept data has the addresses of the server's parts in it, and the next server first looks for them there: with the
 * same ports it is ready sooner.
 */
async function rememberedPorts(proxyPort: number | undefined, dataDir: string): Promise<MilvusPorts> {
  const file = path.join(dataDir, PORTS_FILE);
  if (fs.existsSync(file)) {
    const ports = JSON.parse(fs.readFileSync(file, "utf8")) as MilvusPorts;
    ports.proxy = proxyPort ?? ports.proxy;
    const free = await Promise.all(Object.values(ports).map(isFree));
    if (!free.includes(false)) {
      return ports;
    }
  }
  return chooseMilvusPorts(proxyPort, dataDir);
}

/** The unpacked server in the cache: bin/ with the binary and its libraries, and the wheel's two configuration files. */
export async function ensureMilvus(): Promise<string> {
  checkMilvusPlatform();
  return ensureEntry(`milvus-${MILVUS_VERSION}-${process.platform}-${process.arch}`, async (folder) => {
    const python = await findPython([3, 8], `unpacking Milvus ${MILVUS_VERSION}`, OWN_SERVER);
    const started = Date.now();
    progress(`downloading Milvus ${MILVUS_VERSION} from the Python package registry (57 MB, once)`);
    const download = path.join(folder, "download");
    const options = ["--no-deps", "--only-binary=:all:", "--dest", download];
    await fromRegistry(runPip(python, ["download", `milvus==${MILVUS_VERSION}`, ...options]));
    progress("unpacking it (250 MB, once)");
    await runPythonOrFail(python, ["-c", UNPACK, onlyFile(download, ".whl"), folder]);
    fs.rmSync(download, { recursive: true });
    progress(`Milvus ${MILVUS_VERSION} is in the cache after ${describeDuration(Date.now() - started)}`);
  });
}

/** A wheel is a zip file; the binaries in it are packed once more, each on its own. */
const UNPACK = `
import lzma, os, shutil, sys, zipfile
wheel, folder = sys.argv[1:3]
os.makedirs(os.path.join(folder, "bin"))
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if not name.startswith("milvus/data/") or name.endswith("/"):
            continue
        target = name[len("milvus/data/"):]
        with archive.open(name) as packed:
            if target.endswith(".lzma"):
                target = target[:-len(".lzma")]
                packed = lzma.LZMAFile(packed)
            path = os.path.join(folder, target)
            with open(path, "wb") as out:
                shutil.copyfileobj(packed, out, 1 << 20)
            if target.startswith("bin/"):
                os.chmod(path, 0o755)
`;

async function fromRegistry(download: Promise<void>): Promise<void> {
  try {
    await download;
  } catch (error) {
    throw new Error(
      `${messageOf(error)}\nThe Python package registry must be reachable, and have a package for this system ` +
        `(on Linux one with glibc); or ${OWN_SERVER}`,
    );
  }
}

function checkMilvusPlatform(): void {
  const platform = `${process.platform} ${process.arch}`;
  if (!["linux x64", "darwin x64", "darwin arm64"].includes(platform)) {
    throw new Error(
      `there is no Milvus ${MILVUS_VERSION} package for ${platform} ` +
        `(only for Linux x64 and macOS); ${OWN_SERVER}`,
    );
  }
}

function milvusEnvironment(program: string, runFolder: string, ports: MilvusPorts): NodeJS.ProcessEnv {
  const libraries = process.platform === "darwin" ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH";
  return {
    PATH: process.env["PATH"],
    HOME: runFolder,
    TMPDIR: process.env["TMPDIR"],
    DEPLOY_MODE: "STANDALONE",
    METRICS_PORT: String(ports.metrics),
    MILVUS_RUN_DIR: path.join(runFolder, "run"),
    [libraries]: path.join(program, "bin"),
  };
}

interface Configuration {
  program: string;
  runFolder: string;
  dataFolder: string;
  ports: MilvusPorts;
  options: MilvusOptions;
}

/** configs/ in the run folder, out of the wheel's template, whose settings look like `{{ name(type): default }}`. */
function writeConfiguration({ program, runFolder, dataFolder, ports, options }: Configuration): void {
  const folder = path.join(runFolder, "configs");
  fs.mkdirSync(folder, { recursive: true });
  fs.mkdirSync(path.join(runFolder, "logs"), { recursive: true });
  fs.copyFileSync(path.join(program, "glog.conf"), path.join(folder, "glog.conf"));
  const etcdFile = path.join(folder, "etcd.yaml");
  fs.writeFileSync(etcdFile, etcdConfiguration(dataFolder, ports));
  const settings: Record<string, string | number | boolean> = {
    etcd_port: ports.etcdClient,
    etcd_log_path: path.join(runFolder, "logs", "etcd.log"),
    etcd_data_dir: path.join(dataFolder, "etcd"),
    local_storage_dir: dataFolder,
    rocksmq_data_dir: path.join(dataFolder, "rocksmq"),
    system_log_path: path.join(runFolder, "logs"),
    root_coord_port: ports.rootCoord,
    proxy_port: ports.proxy,
    proxy_internal_port: ports.proxyInternal,
    query_coord_port: ports.queryCoord,
    query_node_port: ports.queryNode,
    index_coord_port: ports.indexCoord,
    index_node_port: ports.indexNode,
    data_coord_port: ports.dataCoord,
    data_node_port: ports.dataNode,
    authorization_enabled: options.authorization ?? false,
    tls_mode: options.tls?.tlsMode ?? 0,
    server_pem_path: options.tls?.serverPemPath ?? "",
    server_key_path: options.tls?.serverKeyPath ?? "",
    ca_pem_path: options.tls?.caPemPath ?? "",
  };
  const template = fs.readFileSync(path.join(program, "config.yaml.template"), "utf8");
  const text = template
    .replace(/\{\{\s*(\w+)(?:\(\w+\))?\s*(?::([^}]*))?\}\}/g, (_, name: string, standard?: string) =>
      String(settings[name] ?? standard?.trim() ?? ""),
    )
    // Loopback by number: "localhost" may be an IPv6 address first, on which the embedded etcd does not listen.
    .replaceAll("localhost:", "127.0.0.1:")
    // Without an etcd file of its own the peer port is fixed, and a second server dies at start.
    .replace(/^etcd:$/m, `etcd:\n  config:\n    path: ${etcdFile}`)
    .replace(/^( {4}ttl: )30\b/m, `$1${options.sessionSeconds ?? (options.dataDir === undefined ? 30 : 5)}`)
    // Ten would be few for tests that run side by side.
    .replace(/^proxy:$/m, "proxy:\n  maxRoleNum: 1000")
    // Half an hour for its parts to hand over to others, which one alone does not have.
    .replace(/^( {2}gracefulStopTimeout: )\d+/m, "$13")
    // The parts of one server talk to each other: the interface that is always there will do.
    .replace(/^( +)ip:(?= *(#|$))/gm, "$1ip: 127.0.0.1");
  fs.writeFileSync(path.join(folder, "milvus.yaml"), text);
}

function etcdConfiguration(dataFolder: string, ports: MilvusPorts): string {
  const client = `http://127.0.0.1:${ports.etcdClient}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return [
    "name: default",
    `data-dir: ${path.join(dataFolder, "etcd")}`,
    `listen-client-urls: ${client}`,
    `advertise-client-urls: ${client}`,
    `listen-peer-urls: ${peer}`,
    `initial-advertise-peer-urls: ${peer}`,
    `initial-cluster: default=${peer}`,
    "",
  ].join("\n");
}

/** Kept data has kept users: their password lies beside the data, readable for its owner only. */
function rememberedPassword(dataDir: string | undefined): string {
  const fresh = crypto.randomBytes(16).toString("hex");
  if (dataDir === undefined) {
    return fresh;
  }
  const file = path.join(dataDir, "root-password");
  if (!fs.existsSync(file)) {
    fs.writeFileSync(file, `${fresh}\n`, { mode: 0o600 });
  }
  return fs.readFileSync(file, "utf8").trim();
}

/** A new server has root:Milvus; one with kept data has our password already. */
async function setRootPassword(access: Access): Promise<void> {
  const { password: newPassword = "" } = access;
  try {
    await withClient({ ...access, password: "Milvus" }, async (client) => {
      const { error_code, reason } = await client.updateUser({
        username: "root",
        oldPassword: "Milvus",
        newPassword,
      });
      if (error_code !== "Success") {
        throw new Error(reason);
      }
    });
  } catch (error) {
    await serverVersion(access).catch(() => {
      throw error;
    });
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Milvus Lite

export async function startMilvusLite(options: LiteOptions = {}): Promise<Server> {
  const { python, packages } = await ensureMilvusLite();
  const runFolder = temporaryFolder("pulumi-milvus-lite-");
  const dataFolder =
    options.dataDir === undefined ? path.join(runFolder, "data") : path.resolve(options.dataDir);
  fs.mkdirSync(dataFolder, { recursive: true });
  const logFile = path.join(runFolder, "server.log");
  const probe = probeName();

  const start = async (port: number): Promise<Running> => {
    const args = ["server", "--data-dir", dataFolder, "--host", "127.0.0.1", "--port", String(port)];
    const guarded = spawnLogged(python.executable, ["-I", "-u", "-c", RUN_LITE, packages, ...args], logFile, {
      cwd: runFolder,
      env: { ...process.env, OMP_NUM_THREADS: "2" },
      folders: [runFolder],
      disposable: options.dataDir === undefined,
    });
    const access = { address: `127.0.0.1:${port}` };
    const version = await readyOrDead(guarded, logFile, () => acceptsCollections(access, probe));
    return { guarded, access, version };
  };

  return manage({
    name: `Milvus Lite ${LITE_VERSION}`,
    runFolder,
    logFile,
    keepsData: options.dataDir !== undefined,
    start,
    fixedPort: options.port,
    choosePorts: async () => options.port ?? ((await freePorts(1))[0] as number),
  });
}

/** Isolated (-I): whatever else the user's Python has installed must not get in. */
const RUN_LITE = `
import sys
packages = sys.argv[1]
sys.path.insert(0, packages)
sys.argv = ["milvus-lite", *sys.argv[2:]]
from milvus_lite.cmdline import main
sys.exit(main())
`;

async function ensureMilvusLite(): Promise<{ python: Python; packages: string }> {
  if (process.platform === "win32") {
    throw new Error(`Milvus Lite is started on Linux and macOS only; ${OWN_SERVER}`);
  }
  const python = await findPython([3, 10], `Milvus Lite ${LITE_VERSION}`, OWN_SERVER);
  // Compiled packages fit one minor version of Python, and hold no path of the interpreter itself.
  const name = `milvus-lite-${LITE_VERSION}-python${python.version.join(".")}-${process.platform}-${process.arch}`;
  const packages = await ensureEntry(`${name}-${shortHash(LITE_CLIENT_VERSION)}`, async (folder) => {
    const started = Date.now();
    progress(`installing Milvus Lite ${LITE_VERSION} from the Python package registry (430 MB, once)`);
    const wanted = [`milvus-lite==${LITE_VERSION}`, `pymilvus==${LITE_CLIENT_VERSION}`];
    const options = ["--target", folder, "--only-binary=:all:", "--no-warn-conflicts"];
    await fromRegistry(runPip(python, ["install", ...wanted, ...options]));
    progress(`Milvus Lite ${LITE_VERSION} is in the cache after ${describeDuration(Date.now() - started)}`);
  });
  return { python, packages };
}

// ---------------------------------------------------------------------------------------------------------------
// What both have in common

interface Running {
  guarded: Guarded;
  access: Access;
  version: string;
}

interface Managed<Ports> {
  name: string;
  runFolder: string;
  logFile: string;
  keepsData: boolean;
  fixedPort: number | undefined;
  choosePorts: (attempt: number) => Promise<Ports>;
  start: (ports: Ports) => Promise<Running>;
}

class AddressInUse extends Error {}

async function manage<Ports>(managed: Managed<Ports>): Promise<Server> {
  const { name, runFolder, logFile, keepsData, fixedPort, choosePorts, start } = managed;
  if (fixedPort !== undefined && !(await isFree(fixedPort))) {
    removeTemporary(runFolder);
    throw new Error(`${name} cannot be started on port ${fixedPort}: something listens there already`);
  }
  let ports = await choosePorts(1);
  let current: Running;
  for (let attempt = 1; ; attempt++) {
    try {
      current = await start(ports);
      break;
    } catch (error) {
      // Two servers that start at the same moment can find the same port free: look for others.
      if (!(error instanceof AddressInUse) || attempt === 5) {
        removeTemporary(runFolder);
        throw new Error(`${name} did not start: ${messageOf(error)}`);
      }
      ports = await choosePorts(attempt + 1);
    }
  }
  return {
    address: current.access.address,
    username: current.access.username,
    password: current.access.password,
    version: current.version,
    external: false,
    logFile,
    runFolder,
    get pid() {
      return current.guarded.pid;
    },
    get running() {
      return current.guarded.running();
    },
    stop: async () => {
      // Closing takes the server ten seconds and saves nothing when its data goes with it.
      await (keepsData ? current.guarded.stop() : killed(current.guarded));
      removeTemporary(runFolder);
      // The one file that Milvus writes to a place of its own choice.
      fs.rmSync(`/tmp/milvus/server_id_${current.guarded.pid}`, { force: true });
    },
    keep: () => {
      current.guarded.release();
      keepTemporary(runFolder);
    },
    kill: async () => {
      await killed(current.guarded);
    },
    restart: async () => {
      await current.guarded.stop();
      current = await start(ports);
    },
  };
}

function killed(guarded: Guarded): Promise<unknown> {
  guarded.signal("SIGKILL");
  return guarded.exited;
}

function spawnLogged(
  command: string,
  args: string[],
  logFile: string,
  options: Omit<Parameters<typeof spawnGuarded>[2] & object, "stdio">,
): Guarded {
  const log = fs.openSync(logFile, "a");
  try {
    return spawnGuarded(command, args, { ...options, stdio: ["ignore", log, log] });
  } finally {
    fs.closeSync(log);
  }
}

/** Repeats a probe until it succeeds. A server that died, or that never gets ready, fails with the end of its log. */
async function readyOrDead<T>(guarded: Guarded, logFile: string, probe: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + READY_WITHIN;
  let last: unknown;
  while (guarded.running() && Date.now() < deadline) {
    try {
      return await probe();
    } catch (error) {
      if (error instanceof AddressInUse) {
        last = error;
        break;
      }
      last = error;
      await sleep(100);
    }
  }
  const died = !guarded.running();
  guarded.signal("SIGKILL");
  await guarded.exited;
  const log = fs.readFileSync(logFile, "utf8");
  if (last instanceof AddressInUse || (died && /address already in use|Failed to bind/i.test(log))) {
    throw new AddressInUse(`a port is taken\n${tail(log, 5)}`);
  }
  const what = died ? "it ended at once" : `not ready after ${READY_WITHIN / 1000} s (${messageOf(last)})`;
  throw new Error(`${what}; the end of its log:\n${tail(log, 25)}`);
}

function healthy(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: "127.0.0.1", port, path: "/healthz", timeout: 2_000 }, (response) => {
      response.resume();
      response.on("end", () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`health ${String(response.statusCode)}`)),
      );
    });
    request.on("timeout", () => request.destroy(new Error("no answer to the health probe")));
    request.on("error", reject);
  });
}

/** A server that finds its port taken listens on another one without a word, and a stranger would answer ours. */
function checkProxyPort(logFile: string, port: number): void {
  const log = fs.readFileSync(logFile, "utf8");
  const actual = [...log.matchAll(/"Proxy server already listen on tcp"\] \[port=(\d+)\]/g)].at(-1)?.[1];
  if (actual !== undefined && Number(actual) !== port) {
    throw new AddressInUse(`port ${port} is taken`);
  }
}

export async function serverVersion(access: Access): Promise<string> {
  return withClient(access, async (client) => (await client.getVersion()).version);
}

/** One name for all attempts: what an attempt that timed out makes after all, the last one takes away. */
function probeName(): string {
  return `readiness_probe_${crypto.randomBytes(4).toString("hex")}`;
}

/** Ready is who makes a collection: a server answers simple calls long before. Returns the version. */
async function acceptsCollections(access: Access, collection_name: string): Promise<string> {
  return withClient(access, async (client) => {
    const created = await client.createCollection({
      collection_name,
      fields: [
        { name: "id", data_type: DataType.Int64, is_primary_key: true },
        { name: "vector", data_type: DataType.FloatVector, dim: 2 },
      ],
    });
    if (created.error_code !== "Success") {
      throw new Error(created.reason);
    }
    await client.dropCollection({ collection_name });
    return (await client.getVersion()).version;
  });
}

async function withClient<T>(access: Access, use: (client: MilvusClient) => Promise<T>): Promise<T> {
  const client = new MilvusClient({
    address: access.address,
    username: access.username,
    password: access.password,
    token: access.token,
    timeout: PROBE_TIMEOUT,
    maxRetries: 0,
    logLevel: "error",
    // The SDK's pings, every ten seconds, are more than Milvus Lite takes.
    channelOptions: { "grpc.keepalive_time_ms": 300_000 },
    telemetry: { enabled: false },
    ...clientTls(access.tls),
  });
  try {
    await client.connectPromise;
    return await use(client);
  } finally {
    await client.closeConnection();
  }
}

function clientTls(tls: TlsOptions | undefined): object {
  if (tls === undefined) {
    return {};
  }
  return {
    ssl: true,
    tls: {
      rootCertPath: tls.caPemPath,
      certChainPath: tls.clientPemPath,
      privateKeyPath: tls.clientKeyPath,
      skipCertCheck: tls.tlsMode === 1,
      // An IP address is no name to check a certificate for.
      serverName: "localhost",
    },
  };
}
