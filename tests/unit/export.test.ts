import * as ts from "typescript";

import { exportProgram } from "../../cli/export/command";
import { importFileOf, parseProvider } from "../../cli/export/import-file";
import { programOf } from "../../cli/export/program";
import { resources } from "../../provider/registry";

type Resource = Parameters<typeof programOf>[0][number]["resource"];

const collection = (state: Record<string, unknown>) => ({
  resource: resources.collection as unknown as Resource,
  state: { databaseName: "default", description: "", properties: {}, functions: [], fields: [], ...state },
});
const partition = (state: Record<string, unknown>) => ({
  resource: resources.partition as unknown as Resource,
  state: { databaseName: "default", collectionId: "1", partitionId: "2", ...state },
});

const database = (databaseName: string) => ({
  resource: resources.database as unknown as Resource,
  state: { databaseName, properties: {} },
});
const alias = (state: Record<string, unknown>) => ({
  resource: resources.alias as unknown as Resource,
  state: { databaseName: "default", collectionId: "1", ...state },
});

const exported = (resource: unknown, state: Record<string, unknown>) => ({
  resource: resource as Resource,
  state,
});

describe("an exported program", () => {
  test("gives what stands in a database that database, and aliases their collection", () => {
    const program = programOf([
      database("app"),
      collection({ collectionName: "documents", databaseName: "app" }),
      alias({ collectionName: "documents", databaseName: "app", aliasName: "current" }),
    ]);
    expect(program).toContain('const app = new milvus.Database("app", {');
    expect(program).toMatch(/new milvus\.Collection\("documents", \{\s+databaseName: app\.databaseName,/);
    expect(program).toMatch(
      /new milvus\.Alias\("documents_current", \{\s+collection: documents,\s+aliasName: "current",\s+adopt: true,\s+\}/,
    );
    expect(program).not.toContain('databaseName: "app"');
  });

  test("declares each object to be adopted, without what is Milvus's default", () => {
    const program = programOf([
      collection({
        collectionName: "documents",
        consistencyLevel: "Bounded",
        fields: [{ name: "id", dataType: "Int64", isPrimaryKey: true, autoId: false, description: "" }],
      }),
    ]);
    expect(program).toContain('const documents = new milvus.Collection("documents", {');
    expect(program).toContain("adopt: true");
    expect(program).toMatch(/name: "id",\s+dataType: "Int64",\s+isPrimaryKey: true,\s+\}/);
    expect(program).not.toMatch(
      /description|consistencyLevel|autoId|collectionId|databaseName|collectionName:/,
    );
  });

  test.each([
    ["a reserved word", "class", 'const class_2 = new milvus.Collection("class",'],
    ["the name of the import", "milvus", 'const milvus_2 = new milvus.Collection("milvus",'],
    ["a leading digit, which some servers let in", "2024", 'const _2024 = new milvus.Collection("2024",'],
  ])("finds a variable for %s", (_, collectionName, expected) => {
    expect(programOf([collection({ collectionName })])).toContain(expected);
  });

  test("escapes what texts hold", () => {
    const description = 'a "quoted" `tick` ${dollar}\nline \\ end';
    const program = programOf([collection({ collectionName: "a", description })]);
    const text = /description: (".*"),/.exec(program)?.[1];
    expect(JSON.parse(text ?? "")).toBe(description);
  });

  test("keeps apart what has the same name in two databases or two collections", () => {
    const program = programOf([
      collection({ collectionName: "a" }),
      collection({ collectionName: "a", databaseName: "other" }),
      collection({ collectionName: "a_b" }),
      partition({ collectionName: "a", partitionName: "b_c" }),
      partition({ collectionName: "a_b", partitionName: "c" }),
      partition({ collectionName: "a", databaseName: "other", partitionName: "b_c" }),
    ]);
    const declared = [...program.matchAll(/new milvus\.(\w+)\("(\w+)"/g)].map(
      ([, kind, name]) => `${kind} ${name}`,
    );
    expect(new Set(declared).size).toBe(6);
    expect(program).toMatch(/"a_2", \{\s+collectionName: "a",\s+databaseName: "other",/);
    expect(program).toMatch(/"a_b_c", \{\s+collection: a,\s+partitionName: "b_c",/);
    expect(program).toMatch(/"a_b_c_3", \{\s+collection: a_2,/);
  });

  test("names what stands in no collection by its name, or by its id", () => {
    const program = programOf([
      collection({ collectionName: "documents" }),
      exported(resources.role, { roleName: "readers", description: "" }),
      exported(resources.roleMembership, { userName: "alice", roleName: "readers" }),
      exported(resources.grant, {
        roleName: "readers",
        privilege: "Search",
        databaseName: "default",
        collectionName: "documents",
      }),
      exported(resources.grant, {
        roleName: "readers",
        privilege: "All",
        databaseName: "app",
        collectionName: "*",
      }),
    ]);
    expect(program).toContain('new milvus.Role("readers", {});');
    expect(program).toMatch(
      /new milvus\.RoleMembership\("readers_alice", \{\s+userName: "alice",\s+roleName: "readers",\s+\}\);/,
    );
    expect(program).toMatch(
      /new milvus\.Grant\("readers_default_documents_Search", \{\s+roleName: "readers",\s+privilege: "Search",\s+collectionName: "documents",\s+\}\);/,
    );
    expect(program).toMatch(/"readers_app_all_All", \{[^}]*databaseName: "app",\s+collectionName: "\*",/);
    expect(program).not.toContain("requireSecret");
  });

  test("leaves secrets to the config of the stack", () => {
    const program = programOf([exported(resources.user, { userName: "alice", description: "" })]);
    expect(program).toContain('import * as pulumi from "@pulumi/pulumi";');
    expect(program).toContain("const secrets = new pulumi.Config();");
    expect(program).toMatch(
      /new milvus\.User\("alice", \{\s+password: secrets\.requireSecret\("alice_password"\),\s*\}\);/,
    );
  });
});

describe("an exported program runs, whatever the collections are called", () => {
  const CommonJs = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  const WORDS =
    "abstract any as async await boolean break case catch class const continue debugger declare default delete do " +
    "else enum export extends false finally for from function get if implements import in infer instanceof interface " +
    "is keyof let module namespace never new null number object of package private protected public readonly require " +
    "return satisfies set static string super switch symbol this throw true try type typeof undefined unique unknown " +
    "using var void while with yield arguments eval exports __dirname __filename __proto__ __esModule milvus pulumi " +
    "secrets milvus_1 pulumi_1 default_1 __createBinding __setModuleDefault __importStar __importDefault __exportStar " +
    "__assign __rest __awaiter __spreadArray __decorate _2 class_2 toString constructor hasOwnProperty";
  const NAMES = [...new Set([...WORDS.split(" "), ...Object.getOwnPropertyNames(globalThis)])].filter(
    (name) => /^[A-Za-z_]\w*$/.test(name),
  );
  const user = exported(resources.user, { userName: "alice", description: "" });
  const programFor = (names: readonly string[]): string =>
    programOf([
      user,
      ...names.flatMap((collectionName) => [
        collection({ collectionName }),
        partition({ collectionName, partitionName: "y2024" }),
      ]),
    ]);

  /** As Node runs a CommonJS module, with classes that say what they were given. */
  function runs(program: string): [kind: string, name: string, collection: string | undefined][] {
    const made: [string, string, string | undefined][] = [];
    const classes = new Proxy(
      {},
      {
        get: (_, kind: string) =>
          class {
            constructor(
              readonly name: string,
              args: { collection?: { name: string } },
            ) {
              made.push([kind, name, args.collection?.name]);
            }
          },
        ownKeys: () => ["Collection", "Partition", "User"],
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      },
    );
    const pulumi = {
      Config: class {
        requireSecret = () => "secret";
      },
    };
    const { outputText } = ts.transpileModule(program, { compilerOptions: CommonJs });
    const parameters = ["exports", "require", "module", "__filename", "__dirname"];
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- as Node wraps a module
    const run = new Function(...parameters, outputText) as (...values: unknown[]) => void;
    const module = { exports: {} };
    run(module.exports, (name: string) => (name === "pulumi-milvus" ? classes : pulumi), module, "", "");
    return made;
  }

  test.each(NAMES)("%s", (name) => {
    expect(runs(programFor([name]))).toEqual([
      ["User", "alice", undefined],
      ["Collection", name, undefined],
      ["Partition", `${name}_y2024`, name],
    ]);
  });

  test("and TypeScript takes it with all of them at once", () => {
    const sources: Readonly<Record<string, string>> = {
      "program.ts": programFor(NAMES),
      "packages.d.ts": `
        declare module "@pulumi/pulumi" { export class Config { requireSecret(name: string): string } }
        declare module "pulumi-milvus" {
          export class Collection { constructor(name: string, args: object) }
          export class Partition { constructor(name: string, args: object) }
          export class User { constructor(name: string, args: object) }
        }`,
    };
    const options = { ...CommonJs, strict: true, types: [] };
    const host = ts.createCompilerHost(options);
    const getSourceFile = host.getSourceFile.bind(host);
    host.getSourceFile = (file, target) =>
      sources[file] === undefined
        ? getSourceFile(file, target)
        : ts.createSourceFile(file, sources[file], target, true);
    const program = ts.createProgram(Object.keys(sources), options, host);
    const file = program.getSourceFile("program.ts");
    expect(file?.text).toContain("new milvus.Collection");
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    expect(found.map(({ messageText }) => messageText)).toEqual([]);
  });
});

describe("an exported import file", () => {
  const entriesOf = (
    ...all: Parameters<typeof importFileOf>[0]
  ): { name: string; id: string; type: string }[] =>
    (JSON.parse(importFileOf(all)) as { resources: { name: string; id: string; type: string }[] }).resources;

  test("has the type, a name and the id of each object, and no provider when none is given", () => {
    const all = [database("app"), collection({ collectionName: "documents", databaseName: "app" })];
    expect(JSON.parse(importFileOf(all))).toEqual({
      resources: [
        { type: "milvus:index:Database", name: "app", id: "app" },
        { type: "milvus:index:Collection", name: "documents", id: "app/documents" },
      ],
    });
  });

  test("gives each object a name of its own, whatever its kind, which programs can have as a variable", () => {
    const entries = entriesOf(
      database("readers"),
      exported(resources.role, { roleName: "readers", description: "" }),
      collection({ collectionName: "static" }),
      collection({ collectionName: "2024" }),
      collection({ collectionName: "a" }),
      collection({ collectionName: "a_b" }),
      partition({ collectionName: "a", partitionName: "b_c" }),
      partition({ collectionName: "a_b", partitionName: "c" }),
      exported(resources.grant, {
        roleName: "readers",
        privilege: "All",
        databaseName: "*",
        collectionName: "*",
      }),
    );
    expect(entries.map(({ name }) => name)).toEqual([
      "readers",
      "readers_2",
      "static_2",
      "_2024",
      "a",
      "a_b",
      "a_b_c",
      "a_b_c_2",
      "readers_all_all_All",
    ]);
    expect(entries.at(-1)?.id).toBe("readers/*/*/All");
  });

  test("names the Provider of each object where one is given, and calls no object like it", () => {
    const provider = parseProvider("prod=urn:pulumi:dev::test::pulumi:providers:milvus::prod");
    expect(JSON.parse(importFileOf([database("prod")], provider))).toEqual({
      nameTable: { prod: "urn:pulumi:dev::test::pulumi:providers:milvus::prod" },
      resources: [{ type: "milvus:index:Database", name: "prod_2", id: "prod", provider: "prod" }],
    });
  });

  test.each(["prod", "prod=", "prod=urn:pulumi:dev::test::milvus:index:Collection::docs"])(
    "is refused the Provider %s",
    (text) => expect(() => parseProvider(text)).toThrow("must be NAME=URN"),
  );
});

test("A file that is there already is not overwritten, and no server is asked", async () => {
  await expect(exportProgram({ out: __filename })).rejects.toThrow(
    `${__filename} is there already: give another file with --out, or --force to overwrite it`,
  );
});
