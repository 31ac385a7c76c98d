/**
 * What is published, as `npm run release` makes it: from a copy of the checkout, which gets its own build, and used from
 * empty folders that have nothing but the package and the dependencies it declares.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { homedir } from "node:os";
import { basename, dirname, join, posix, relative } from "node:path";

import { REPOSITORY } from "../../provider/engines/plugin/schema";
import { ensureEngine } from "../../tools/engine";
import { filesBelow } from "../../tools/files";
import { linksIn } from "../../tools/markdown";
import { LAUNCHER } from "../../tools/plugin/bundle";
import { removeTemporary, temporaryFolder } from "../../tools/processes";
import { runProgram } from "../../tools/programs";
import { findPython, onlyFile, runPip } from "../../tools/python";
import { ROOT } from "../support/built-cli";
import { tried } from "./support/tally";

const folder = temporaryFolder("pulumi-milvus-package-");
const copy = join(folder, "checkout");
const release = join(folder, "release");
const user = join(folder, "user");
const installed = join(user, "node_modules", "pulumi-milvus");

interface Manifest {
  readonly version: string;
  readonly main: string;
  readonly types: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly typesVersions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
const { version } = manifest;

type Env = Readonly<Record<string, string>>;

function ran(command: string, args: readonly string[], cwd: string, env: Env = {}): string {
  const options = { cwd, encoding: "utf8", env: { ...process.env, ...env } } as const;
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? `${stdout}\n${stderr}`}`);
  return stdout;
}

/** The plugin, and what starts it. */
const PLUGIN = "dist/plugin/";

let told: string;
let files: readonly string[];
const textOf = (file: string): string => readFileSync(join(installed, file), "utf8");

beforeAll(() => {
  const left = new Set(["node_modules", "dist", ".git", "release"]);
  const isLeft = (source: string): boolean => left.has(basename(source)) && dirname(source) === ROOT;
  cpSync(ROOT, copy, { recursive: true, filter: (source) => !isLeft(source) });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"), "dir");
  // Left by an older build, of a source that is gone.
  mkdirSync(join(copy, "dist", "provider"), { recursive: true });
  writeFileSync(join(copy, "dist", "provider", "gone.js"), "");
  // Not by tools/run.js, which notes in node_modules what was built.
  const script = ["--transpile-only", "tools/release.ts", "--dry-run", "--out", release];
  told = ran(process.execPath, [require.resolve("ts-node/dist/bin"), ...script], copy);

  mkdirSync(installed, { recursive: true });
  const tarball = join(release, `pulumi-milvus-${version}.tgz`);
  ran("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed], folder);
  files = filesBelow(installed).map((file) => relative(installed, file));
  for (const name of [...Object.keys(manifest.dependencies), "@pulumi/pulumi"]) {
    const link = join(user, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), link, "dir");
  }
});

afterAll(() => removeTemporary(folder));

/** The page for contributors walks through the sources, which they have in a clone. */
const isSource = (page: string, target: string): boolean =>
  page === "docs/architecture.md" && existsSync(join(ROOT, target)) && target.endsWith(".ts");

const check = (name: string, run: () => void | Promise<void>): void =>
  test(name, async () => void (await tried("package", name, async () => run())));

describe("The published package", () => {
  check("has what was compiled, with types, the plugin, and the files that say what it is", () => {
    const plugin = files.filter((file) => file.startsWith(PLUGIN)).map((file) => file.slice(PLUGIN.length));
    expect(plugin.sort()).toEqual([
      "LICENSE",
      "plugin.cjs",
      "pulumi-resource-milvus",
      "pulumi-resource-milvus.cjs",
      "pulumi-resource-milvus.cmd",
    ]);
    const others = files.filter(
      (file) =>
        !file.startsWith(PLUGIN) &&
        !/^dist\/(sdk|provider|cli)\/.+\.(js|d\.ts)$/.test(file) &&
        !/^docs\/.+\.md$/.test(file),
    );
    expect([...others].sort()).toEqual([
      "CHANGELOG.md",
      "CONTRIBUTING.md",
      "LICENSE",
      "README.md",
      "SECURITY.md",
      "bin/node-version.d.ts",
      "bin/node-version.js",
      "bin/pulumi-milvus.js",
      "docs/architecture.svg",
      "docs/report.schema.json",
      "examples/blue-green/index.ts",
      "examples/compose/compose.yaml",
      ...["compose", "helm", "multi-tenant", "quickstart", "testing", "zilliz-cloud"].map(
        (name) => `examples/${name}/index.ts`,
      ),
      "package.json",
    ]);
    const scripts = files.filter((file) => file.startsWith("dist/") && file.endsWith(".js"));
    expect(scripts.length).toBeGreaterThan(40);
    expect(scripts.filter((file) => !files.includes(file.replace(/\.js$/, ".d.ts")))).toEqual([]);
  });

  check("has every page and file that README.md leads to, and those that they lead to", () => {
    const reached = new Set(["README.md"]);
    const missing: string[] = [];
    for (const page of reached) {
      const links = linksIn(textOf(page)).filter((link) => !/^(https:|#)/.test(link));
      for (const link of links) {
        const target = posix.join(posix.dirname(page), link.replace(/#.*$/, ""));
        if (!files.includes(target) && !isSource(page, target)) missing.push(`${page}: ${link}`);
        else if (target.endsWith(".md")) reached.add(target);
      }
    }
    expect(missing).toEqual([]);
    expect(reached.size).toBeGreaterThan(30);
  });

  check("has nothing of sources that are gone", () => {
    const sourceOf = (file: string) =>
      join(ROOT, file.replace(/^dist\//, "").replace(/(\.d\.ts|\.js)$/, ".ts"));
    const compiled = files.filter((file) => file.startsWith("dist/") && !file.startsWith(PLUGIN));
    expect(compiled.filter((file) => !existsSync(sourceOf(file)))).toEqual([]);
  });

  check("names no folder of the machine that made it, and no map of sources", () => {
    // With what ends a name: a home may be called /root, and a page of Milvus rootcoord.
    const places = [ROOT, folder, homedir()].filter((place) => place !== "/").map((place) => `${place}/`);
    for (const file of files) {
      const text = textOf(file);
      expect([file, places.filter((place) => text.includes(place))]).toEqual([file, []]);
      expect([file, text.includes("sourceMappingURL")]).toEqual([file, false]);
    }
  });

  check("has every file that its manifest points to", () => {
    const targets = [
      manifest.main,
      manifest.types,
      ...Object.values(manifest.exports).flatMap((one) =>
        typeof one === "string" ? [one] : Object.values(one),
      ),
      ...Object.values(manifest.bin),
      ...Object.values(manifest.typesVersions).flatMap((one) => Object.values(one).flat()),
    ];
    const missing = targets
      .map((target) => target.replace(/^\.\//, ""))
      .filter((one) => !files.includes(one));
    expect(missing).toEqual([]);
  });

  check(
    "gives a program its classes, and the engine its provider, with the declared dependencies alone",
    () => {
      const found = ran(
        process.execPath,
        [
          "-e",
          `const { Collection, Partition, Index, Provider } = require("pulumi-milvus");
         const provider = require("pulumi-milvus/provider");
         console.log(JSON.stringify([
           [Collection, Partition, Index, Provider].map((one) => one.name),
           [provider.collection, provider.partition, provider.index].map((one) => typeof one.create),
           require.resolve("pulumi-milvus"),
         ]));`,
        ],
        user,
      );
      expect(JSON.parse(found)).toEqual([
        ["Collection", "Partition", "Index", "Provider"],
        ["function", "function", "function"],
        join(installed, "dist/sdk/nodejs/index.js"),
      ]);
    },
  );

  check("loads the Milvus client it declares", () => {
    const script = `require("pulumi-milvus/provider"); console.log(typeof require("@zilliz/milvus2-sdk-node").MilvusClient)`;
    expect(ran(process.execPath, ["-e", script], user).trim()).toBe("function");
  });

  check("can be imported by an ES module", () => {
    const script = `import { Collection } from "pulumi-milvus"; console.log(Collection.name);`;
    expect(ran(process.execPath, ["--input-type=module", "-e", script], user).trim()).toBe("Collection");
  });

  check("runs its command line", () => {
    const program = join(installed, manifest.bin["pulumi-milvus"] ?? "");
    expect(readFileSync(program, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    const help = ran(process.execPath, [program, "--help"], user);
    for (const command of ["preview", "comment", "export"]) expect(help).toContain(command);
    for (const command of ["preview", "comment", "export"])
      expect(ran(process.execPath, [program, command, "--help"], user)).toContain(`pulumi-milvus ${command}`);
  });

  check("shows nothing of its internals to whoever requires it", () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ["-e", `require("pulumi-milvus/dist/provider/milvus/connection.js")`],
      { cwd: user, encoding: "utf8" },
    );
    expect(status).not.toBe(0);
    expect(stderr).toContain("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });
});

describe("A release", () => {
  const plugins = ["darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64", "windows-amd64"].map(
    (platform) => `${LAUNCHER}-v${version}-${platform}.tar.gz`,
  );
  const wheel = `pulumi_milvus-${version}-py3-none-any.whl`;
  const sdist = `pulumi_milvus-${version}.tar.gz`;

  check("has a file for each place where it is published, and says what a tag would be refused for", () => {
    const made = [`pulumi-milvus-${version}.tgz`, wheel, sdist, ...plugins];
    expect(readdirSync(release).sort()).toEqual(["SHA256SUMS", "notes.md", ...made].sort());
    for (const name of made) expect(told).toContain(`  ${name}\n`);
    expect(told).toContain(`Before there can be a tag v${version}:\n`);
  });

  check("is refused under the tag of another version, with nothing made", () => {
    const out = join(folder, "refused");
    const script = ["--transpile-only", "tools/release.ts", "--tag", "v9.9.9", "--out", out];
    const args = [require.resolve("ts-node/dist/bin"), ...script];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toContain(`the tag is v9.9.9, and package.json has ${version}`);
    expect(existsSync(out)).toBe(false);
  });

  check("has checksums of all that is uploaded", () => {
    const sumOf = (name: string): string =>
      createHash("sha256")
        .update(readFileSync(join(release, name)))
        .digest("hex");
    const lines = readFileSync(join(release, "SHA256SUMS"), "utf8").trim().split("\n");
    const uploaded = readdirSync(release).filter((name) => !["SHA256SUMS", "notes.md"].includes(name));
    expect(lines).toEqual(uploaded.sort().map((name) => `${sumOf(name)}  ${name}`));
  });

  check("has a package that Python installs, and its sources", async () => {
    const python = await findPython([3, 9], "the package for Python", "a release has one.");
    const target = join(folder, "python");
    await runPip(python, ["install", "--no-deps", "--no-index", "--target", target, join(release, wheel)]);
    const script = `
import importlib.metadata, json
found = importlib.metadata.distribution("pulumi_milvus")
print(json.dumps([found.version, found.metadata.get_all("Project-URL"), sorted(map(str, found.files))]))`;
    const [said, urls, contents] = JSON.parse(
      ran(python.executable, ["-c", script], folder, { PYTHONPATH: target }),
    ) as [string, string[], string[]];
    expect(said).toBe(version);
    expect(urls).toContain(`Repository, https://${REPOSITORY}`);
    expect(contents).toEqual(
      expect.arrayContaining(["pulumi_milvus/py.typed", "pulumi_milvus/pulumi-plugin.json"]),
    );
    const inSource = ran("tar", ["-tzf", join(release, sdist)], folder).split("\n");
    const modules = contents.filter((name) => name.endsWith(".py"));
    expect(modules.length).toBeGreaterThan(20);
    expect(modules.filter((name) => !inSource.includes(`pulumi_milvus-${version}/${name}`))).toEqual([]);
  });

  check("has the plugin as the engine installs it, in this version", async () => {
    const server = createServer(({ url = "" }, response) => {
      const file = join(release, basename(url));
      const body = existsSync(file) ? readFileSync(file) : undefined;
      // The engine takes none whose length it is not told.
      response.writeHead(body ? 200 : 404, { "content-length": body?.length ?? 0 }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const home = join(folder, "pulumi");
      const { env } = await ensureEngine();
      const pulumi = (...args: string[]): Promise<{ code: number | null; output: string }> =>
        runProgram("pulumi", args, { cwd: folder, env: { ...process.env, ...env, PULUMI_HOME: home } });
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const installing = await pulumi(
        "plugin",
        "install",
        "resource",
        "milvus",
        version,
        "--server",
        address,
      );
      expect(installing).toMatchObject({ code: 0 });
      const plugin = onlyFile(join(home, "plugins", `resource-milvus-v${version}`), LAUNCHER);
      const { output } = await pulumi("package", "get-schema", plugin);
      expect(JSON.parse(output)).toMatchObject({ name: "milvus", version });
    } finally {
      server.close();
    }
  });

  check("has a module that Go finds by the tag that the workflow sets", () => {
    const module = "sdk/go/milvus";
    const git = (...args: string[]): string =>
      ran("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], copy);
    git("init", "--quiet");
    git("add", module);
    git("commit", "--quiet", "--message", "The SDK for Go");
    git("tag", `${module}/v${version}`);
    const found = ran("go", ["mod", "download", "-json", `${REPOSITORY}/${module}@v${version}`], folder, {
      // From the copy, as if it were there.
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: `url.${copy}.insteadOf`,
      GIT_CONFIG_VALUE_0: `https://${REPOSITORY}`,
      GOPRIVATE: REPOSITORY,
      GOFLAGS: "-modcacherw",
      GOMODCACHE: join(folder, "go"),
    });
    expect(JSON.parse(found)).toMatchObject({ Version: `v${version}`, Origin: { Subdir: module } });
  });
});

interface Audit {
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly severity: string; readonly via: readonly unknown[] }>
  >;
}

/** Undefined where the registry does not answer the question. */
function audited(...args: string[]): Audit | undefined {
  const { stdout } = spawnSync("npm", ["audit", "--json", ...args], { cwd: ROOT, encoding: "utf8" });
  try {
    const audit = JSON.parse(stdout) as Audit;
    return audit.vulnerabilities && audit;
  } catch {
    return undefined;
  }
}

describe("npm audit", () => {
  const audit = audited();
  const NAME = "finds nothing that is high or critical";

  // Not every registry serves it; a run that could not ask says so instead of passing.
  if (audit === undefined) {
    test.skip(`${NAME}: NOT ASKED, the registry does not serve advisories`, () => undefined);
    return;
  }

  test(NAME, () =>
    tried("package", `npm audit ${NAME}`, async () => {
      const found = Object.entries(audit.vulnerabilities ?? {})
        .filter(([, { severity }]) => severity === "high" || severity === "critical")
        .map(([name, { severity, via }]) => `${name} (${severity}): ${JSON.stringify(via)}`);
      expect(found).toEqual([]);
      await Promise.resolve();
    }),
  );
});
