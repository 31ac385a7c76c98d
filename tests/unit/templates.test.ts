/** What the templates of `pulumi new` say of each other and of this package. */
import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

const ROOT = path.join(__dirname, "..", "..");
const read = (...names: string[]): string => fs.readFileSync(path.join(ROOT, ...names), "utf8");
const inTemplate = (language: string, file: string): string => read("templates", `milvus-${language}`, file);

interface Project {
  readonly name: string;
  readonly description: string;
  readonly runtime: string;
  readonly template: {
    readonly description: string;
    readonly config: Readonly<Record<string, { description: string; default?: string; secret?: boolean }>>;
  };
  readonly resources?: Readonly<Record<string, object>>;
}
type Versions = Readonly<Record<string, string>>;
interface Package {
  readonly version: string;
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
  readonly peerDependencies: Versions;
}

const RUNTIMES = { typescript: "nodejs", python: "python", yaml: "yaml" } as const;
const LANGUAGES = Object.keys(RUNTIMES) as (keyof typeof RUNTIMES)[];
const projectOf = (language: string): Project => parse(inTemplate(language, "Pulumi.yaml")) as Project;
const ours = JSON.parse(read("package.json")) as Package;

test("there is one for each of these languages", () => {
  expect(fs.readdirSync(path.join(ROOT, "templates")).sort()).toEqual(
    LANGUAGES.map((language) => `milvus-${language}`).sort(),
  );
});

describe.each(LANGUAGES)("The template for %s", (language) => {
  test("has its names filled in by the engine, and describes itself", () => {
    const { name, description, runtime, template } = projectOf(language);
    expect([name, description, runtime]).toEqual(["${PROJECT}", "${DESCRIPTION}", RUNTIMES[language]]);
    expect(template.description).toMatch(/^A collection in Milvus .+ in (TypeScript|Python|YAML)$/);
  });

  test("asks for the same settings as the others", () => {
    const { config } = projectOf(language).template;
    expect(config).toEqual(projectOf("typescript").template.config);
    expect(Object.keys(config)).toEqual(["milvus:address", "milvus:token", "milvus:protectData"]);
    expect(config["milvus:token"]).toMatchObject({ secret: true });
    // One of stack config would count before MILVUS_ADDRESS.
    expect(config["milvus:address"]).not.toHaveProperty("default");
    for (const setting of Object.keys(config)) expect(read("docs", "configuration.md")).toContain(setting);
  });

  test("declares what the others do", () => {
    const program = { typescript: "index.ts", python: "__main__.py", yaml: "Pulumi.yaml" }[language];
    const text = inTemplate(language, program);
    const declared = Object.keys(projectOf("yaml").resources ?? {});
    expect(declared).toEqual(["documents", "y2024", "by_meaning", "loaded"]);
    for (const name of declared) expect(text).toMatch(new RegExp(`"${name}",|^  ${name}:$`, "m"));
    for (const value of ["HNSW", "COSINE", "768", "512"]) expect(text).toContain(value);
  });
});

test("the packages of the one for TypeScript are those that this package goes with", () => {
  const { dependencies, devDependencies } = JSON.parse(inTemplate("typescript", "package.json")) as Package;
  expect(dependencies).toEqual({
    "@pulumi/pulumi": ours.peerDependencies["@pulumi/pulumi"],
    "pulumi-milvus": `file:../pulumi-milvus/pulumi-milvus-${ours.version}.tgz`,
  });
  expect(ours.devDependencies).toMatchObject(devDependencies);
});

test("the packages of the one for Python are the SDK of this checkout, and what that goes with", () => {
  const [pulumi = "", sdk = "", ...others] = inTemplate("python", "requirements.txt").trimEnd().split("\n");
  expect(others).toEqual([]);
  expect(read("sdk", "python", "pyproject.toml")).toContain(`"${pulumi}"`);
  expect(sdk).toBe("../pulumi-milvus/sdk/python");
});
