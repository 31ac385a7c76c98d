import * as fc from "fast-check";
import * as ts from "typescript";

import { exportProgram } from "../../cli/export/command";
import { importFileOf, parseProvider } from "../../cli/export/import-file";
import { KINDS } from "../../cli/export/order";
import { Code, constant, statement } from "../../cli/export/printed";
import { programOf } from "../../cli/export/program";
import { resources } from "../../provider/registry";
import { formatted } from "../support/prettier";

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
const user = (userName: string) => exported(resources.user, { userName, description: "" });
const grant = (state: Record<string, unknown>) =>
  exported(resources.grant, { roleName: "readers", databaseName: "default", ...state });

const CommonJs = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };

interface Made {
  readonly kind: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** As Node runs a CommonJS module, with classes that say what they were given. */
function runs(program: string, requireSecret: (key: string) => unknown = () => "secret"): Made[] {
  const made: Made[] = [];
  const outputOf = (one: Made) =>
    new Proxy(one, {
      get: (_, name: string): unknown => (name in one ? Reflect.get(one, name) : `${one.name}.${name}`),
    });
  const classes = new Proxy(
    {},
    {
      get: (_, kind: string) =>
        class {
          constructor(name: string, args: Record<string, unknown> = {}) {
            const one = { kind, name, args };
            made.push(one);
            return outputOf(one);
          }
        },
      ownKeys: () => Object.values(resources).map(({ kind }) => kind),
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    },
  );
  const pulumi = {
    Config: class {
      requireSecret = requireSecret;
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
    const description = 'a "quoted" `tick`, don\'t ${dollar}\nline \\ end\u2028';
    const [made] = runs(programOf([collection({ collectionName: "a", description })]));
    expect(made?.args["description"]).toBe(description);
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

  test("names what stands in no collection by its name, or by its id, and gives it to what needs it", () => {
    const program = programOf([
      collection({ collectionName: "documents" }),
      exported(resources.role, { roleName: "readers", description: "" }),
      exported(resources.roleMembership, { userName: "alice", roleName: "readers" }),
      exported(resources.privilegeGroup, { privilegeGroupName: "reading", privileges: ["Search", "Query"] }),
      grant({ privilege: "Search", collectionName: "documents" }),
      grant({ privilege: "reading", databaseName: "app", collectionName: "*" }),
    ]);
    expect(program).toContain('const readers = new milvus.Role("readers");');
    expect(program).toMatch(
      /new milvus\.RoleMembership\("readers_alice", \{\s+userName: "alice",\s+roleName: readers\.roleName,\s+\}\);/,
    );
    expect(program).toMatch(
      /new milvus\.Grant\("readers_default_documents_Search", \{\s+roleName: readers\.roleName,\s+privilege: "Search",\s+collectionName: documents\.collectionName,\s+\}\);/,
    );
    expect(program).toMatch(
      /privilege: reading\.privilegeGroupName,\s+databaseName: "app",\s+collectionName: "\*",/,
    );
    expect(program).not.toContain("requireSecret");
  });

  test("gives a load its resource groups, and what stands in a collection that it has not the name of that", () => {
    const state = { collectionName: "documents", databaseName: "app", resourceGroups: ["slow", "fast"] };
    const program = programOf([
      exported(resources.collectionLoad, state),
      exported(resources.resourceGroup, { resourceGroupName: "fast" }),
    ]);
    const load = runs(program).find(({ kind }) => kind === "CollectionLoad");
    expect(load?.args).toEqual({
      collection: "documents",
      databaseName: "app",
      resourceGroups: ["fast.resourceGroupName", "slow"],
      adopt: true,
    });
  });

  test("names Milvus's own database as well where settings have another one for what names none", () => {
    const all = [
      collection({ collectionName: "a" }),
      collection({ collectionName: "b", databaseName: "app" }),
    ];
    const databases = (program: string) => runs(program).map(({ args }) => args["databaseName"]);
    expect(databases(programOf(all))).toEqual(["app", undefined]);
    expect(databases(programOf(all, "app"))).toEqual(["app", "default"]);
  });

  test("protects the data of each collection, and says so and what lifts it", () => {
    const program = programOf([
      collection({ collectionName: "a" }),
      partition({ collectionName: "a", partitionName: "b" }),
    ]);
    expect(runs(program).map(({ kind, args }) => [kind, args["protectData"]])).toEqual([
      ["Collection", true],
      ["Partition", undefined],
    ]);
    expect(program).toMatch(/^\/\/ `protectData: true` keeps a collection while it holds data/m);
    expect(programOf([database("app")])).not.toContain("protectData");
  });

  describe("with secrets, which no server gives back,", () => {
    const all = [collection({ collectionName: "docs" }), user("alice"), user("bob")];
    const program = programOf(all);

    test("has them from the config of the stack, with the commands that set them", () => {
      expect(program).toContain('import * as pulumi from "@pulumi/pulumi";');
      for (const key of ["alice_password", "bob_password"])
        expect(program).toContain(`//   pulumi config set --secret ${key}\n`);
      const passwords = runs(program, (key) => `secret ${key}`).map(({ args }) => args["password"]);
      expect(passwords).toEqual([undefined, "secret alice_password", "secret bob_password"]);
    });

    test.each(["alice_password", "bob_password"])("declares nothing while %s is missing", (missing) => {
      const declared: Made[] = [];
      const requireSecret = (key: string): string => {
        if (key === missing) throw new Error(`${key} is missing`);
        return key;
      };
      expect(() => declared.push(...runs(program, requireSecret))).toThrow(`${missing} is missing`);
      expect(program.indexOf(`requireSecret("${missing}")`)).toBeLessThan(program.indexOf("new milvus."));
    });
  });
});

describe("an exported program and import file are in one order", () => {
  const all = [
    exported(resources.resourceGroup, { resourceGroupName: "fast" }),
    database("app"),
    database("shop"),
    collection({ collectionName: "Z", databaseName: "app", properties: { "mmap.enabled": "true", a: "1" } }),
    collection({ collectionName: "a", databaseName: "app" }),
    partition({ collectionName: "a", databaseName: "app", partitionName: "y2023" }),
    partition({ collectionName: "a", databaseName: "app", partitionName: "y2024" }),
    exported(resources.index, {
      databaseName: "app",
      collectionName: "a",
      indexName: "by_v",
      fieldName: "v",
    }),
    exported(resources.collectionLoad, {
      databaseName: "app",
      collectionName: "a",
      resourceGroups: ["fast"],
    }),
    alias({ collectionName: "a", databaseName: "app", aliasName: "current" }),
    collection({ collectionName: "a_b", databaseName: "app" }),
    collection({ collectionName: "a" }),
    user("alice"),
    exported(resources.role, { roleName: "readers", description: "" }),
    exported(resources.privilegeGroup, { privilegeGroupName: "reading", privileges: ["Query", "Search"] }),
    exported(resources.roleMembership, { userName: "alice", roleName: "readers" }),
    grant({ privilege: "reading", collectionName: "*" }),
  ];
  const idsIn = (file: string): string[] =>
    (JSON.parse(file) as { resources: { id: string }[] }).resources.map(({ id }) => id);

  /** As another answer of the same server may be. */
  const shuffled = fc.shuffledSubarray(all, { minLength: all.length }).map((some) =>
    some.map(({ resource, state }) => ({
      resource,
      state: Object.fromEntries(
        Object.entries(state).map(([name, value]) => [name, Array.isArray(value) ? value : reversed(value)]),
      ),
    })),
  );
  function reversed(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).reverse());
  }

  test("which has what stands in a collection behind it, and nothing before what it is given", () => {
    expect(idsIn(importFileOf(all))).toEqual(all.map(({ resource, state }) => resource.id(state)));
    expect(runs(programOf(all)).map(({ kind }) => kind)).toEqual(all.map(({ resource }) => resource.kind));
  });

  test("byte for byte, whatever the order that the server lists in", () => {
    const [program, file] = [programOf(all), importFileOf(all)];
    fc.assert(
      fc.property(shuffled, (some) => {
        expect(programOf(some)).toBe(program);
        expect(importFileOf(some)).toBe(file);
      }),
    );
  });

  test("which has a place for each kind", () => {
    const kinds = Object.values(resources).map(({ kind }) => kind);
    expect([...KINDS].sort()).toEqual([...kinds].sort());
  });

  test("and prettier changes nothing in the program", async () => {
    const program = programOf(all);
    expect(await formatted(program)).toBe(program);
  });
});

describe("What is printed, prettier leaves as it is:", () => {
  // Uppercase, as no keyword is.
  const name = fc.stringMatching(/^[A-Z_]\w{0,70}$/);
  const characters = [..."abcdefghij 0123456789.,-_'\"`\\\n\t$文書語", "\u2028"];
  const text = fc.string({ unit: fc.constantFrom(...characters), maxLength: 90 });
  const { value } = fc.letrec<{ value: unknown; list: unknown[] }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      text,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.boolean(),
      name.map((one) => new Code(`${one}.collectionName`)),
      tie("list"),
      fc.dictionary(fc.oneof(name, text), tie("value"), { maxKeys: 3, noNullPrototype: true }),
    ),
    // Lists of numbers, which no input is, prettier fills lines with.
    list: fc
      .array(tie("value"), { maxLength: 4 })
      .filter((list) => list.length < 2 || list.some((one) => typeof one !== "number")),
  }));
  const call = fc.record(
    { callee: name.map((kind) => `milvus.${kind}`), name: text, args: fc.dictionary(name, value) },
    { requiredKeys: ["callee", "name"] },
  );

  test("constructors, with whatever they are given, and what it is kept in", async () => {
    await fc.assert(
      fc.asyncProperty(call, fc.option(name), async ({ callee, ...given }, variable) => {
        const made = { callee: `new ${callee}`, ...given };
        const program = `${variable === null ? statement(made) : constant(variable, made)}\n`;
        expect(await formatted(program)).toBe(program);
      }),
      { numRuns: 100 },
    );
  });

  test("secrets that are read", async () => {
    await fc.assert(
      fc.asyncProperty(name, async (key) => {
        const program = `${constant(key, { callee: "secrets.requireSecret", name: key })}\n`;
        expect(await formatted(program)).toBe(program);
      }),
    );
  });
});

describe("an exported program runs, whatever the collections are called", () => {
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
  const programFor = (names: readonly string[]): string =>
    programOf([
      user("alice"),
      ...names.flatMap((collectionName) => [
        collection({ collectionName }),
        partition({ collectionName, partitionName: "y2024" }),
      ]),
    ]);

  test.each(NAMES)("%s", (name) => {
    const made = runs(programFor([name])).map((one) => {
      const { collection: inside } = one.args as { collection?: Made };
      return [one.kind, one.name, inside?.name];
    });
    expect(made).toEqual([
      ["Collection", name, undefined],
      ["Partition", `${name}_y2024`, name],
      ["User", "alice", undefined],
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
      "_2024",
      "a",
      "a_b_c",
      "a_b",
      "a_b_c_2",
      "static_2",
      "readers_2",
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
