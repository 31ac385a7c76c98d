/**
 * What is published: packed from a copy of the checkout, which gets its own build, and used from an empty folder that
 * has nothing but the tarball and the dependencies it declares.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";

import { removeTemporary, temporaryFolder } from "../../tools/processes";
import { ROOT } from "../support/built-cli";
import { tried } from "./support/tally";

const folder = temporaryFolder("pulumi-milvus-package-");
const copy = join(folder, "checkout");
const user = join(folder, "user");
const installed = join(user, "node_modules", "pulumi-milvus");

interface Manifest {
  readonly main: string;
  readonly types: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly typesVersions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

function ran(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? `${stdout}\n${stderr}`}`);
  return stdout;
}

/** The output of the build that packing starts may stand before it. */
function asPacked(output: string): Packed {
  const [packed] = JSON.parse(output.slice(output.search(/^\[/m))) as Packed[];
  return packed as Packed;
}

/** One file for engines, and what starts it. */
const PLUGIN = "dist/plugin/";

let packed: Packed;
let files: readonly string[];
const textOf = (file: string): string => readFileSync(join(installed, file), "utf8");

beforeAll(() => {
  const left = new Set(["node_modules", "dist", ".git"]);
  cpSync(ROOT, copy, { recursive: true, filter: (source) => !left.has(basename(source)) });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"), "dir");
  // Left by an older build, of a source that is gone.
  mkdirSync(join(copy, "dist", "provider"), { recursive: true });
  writeFileSync(join(copy, "dist", "provider", "gone.js"), "");
  packed = asPacked(ran("npm", ["pack", "--json"], copy));
  files = packed.files.map(({ path }) => path);

  mkdirSync(installed, { recursive: true });
  ran("tar", ["-xzf", join(copy, packed.filename), "--strip-components=1", "-C", installed], folder);
  for (const name of [...Object.keys(manifest.dependencies), "@pulumi/pulumi"]) {
    const link = join(user, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), link, "dir");
  }
});

afterAll(() => removeTemporary(folder));

describe("The published package", () => {
  const check = (name: string, run: () => void | Promise<void>) =>
    test(name, () => tried("package", name, async () => run()));

  check("has what was compiled, with types, the plugin, and the files that say what it is", () => {
    const plugin = files.filter((file) => file.startsWith(PLUGIN)).map((file) => file.slice(PLUGIN.length));
    expect(plugin.sort()).toEqual([
      "LICENSE",
      "pulumi-resource-milvus",
      "pulumi-resource-milvus.cjs",
      "pulumi-resource-milvus.cjs.LEGAL.txt",
      "pulumi-resource-milvus.cmd",
    ]);
    const others = files.filter(
      (file) => !file.startsWith(PLUGIN) && !/^dist\/(sdk|provider|cli)\/.+\.(js|d\.ts)$/.test(file),
    );
    expect([...others].sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "docs/report.schema.json",
      "package.json",
    ]);
    const scripts = files.filter((file) => file.endsWith(".js"));
    expect(scripts.length).toBeGreaterThan(40);
    expect(scripts.filter((file) => !files.includes(file.replace(/\.js$/, ".d.ts")))).toEqual([]);
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
        join(installed, manifest.main),
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
    const program = join(installed, manifest.bin["pulumi-milvus"] as string);
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
