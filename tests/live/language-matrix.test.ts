/**
 * Every kind of resource in a program of every language, through every operation: docs/matrix.md shows the table that is run
 * here. The programs are printed from data, as the examples in the schema are.
 */
import type { ExampleInputs } from "../../provider/core/example";
import { type AnyResource, resources } from "../../provider/registry";
import { gatewayTo } from "../support/gateways";
import type { FakeMilvus } from "../support/fake-milvus";
import { type TestServer, testServers } from "../support/servers";
import {
  type ByKind,
  INPUTS,
  type Kind,
  KINDS,
  operationsIn,
  plannedIn,
  saidOfChange,
  type Standing,
  standingOn,
  STANDS,
} from "./support/all-kinds";
import { withPlugin } from "./support/bundled";
import { COLLECTION_OF_SET, kindsIn, LanguageLife, type Outcome, programsOf } from "./support/language-life";
import {
  type Language,
  LANGUAGES,
  type Operation,
  OPERATIONS,
  type Place,
  reasonAgainst,
  rowsOf,
} from "./support/language-table";
import { accessTo, live } from "./support/live";
import { startRoomyFake } from "./support/matrix";
import { TestMilvus } from "./support/milvus";

const context = live();
let env: Record<string, string>;
beforeAll(async () => {
  env = await withPlugin();
});

let [cells, well] = [0, 0];
afterAll(() => {
  for (const language of LANGUAGES) {
    process.stdout.write(`${language}: ${OPERATIONS.join(", ")}\n`);
    rowsOf(language).forEach((row, at) => process.stdout.write(`  ${KINDS[at]}: ${row.join(", ")}\n`));
  }
  process.stdout.write(
    `languages x kinds x operations: ${LANGUAGES.length} x ${KINDS.length} x ${OPERATIONS.length}, ` +
      `${cells} tests on two servers, ${well} went well\n`,
  );
});

interface Seen extends Outcome {
  readonly standing?: Standing;
}

/** Of the operations that run on a place, each is run once, and each kind judged by itself. */
function matrix(
  place: Place,
  language: Language,
  run: (operation: Operation) => Promise<Seen>,
  judge: (operation: Operation, kind: Kind, seen: Seen) => void | Promise<void>,
): void {
  for (const operation of OPERATIONS) {
    const kinds = KINDS.filter((kind) => reasonAgainst({ place, language, operation, kind }) === undefined);
    if (kinds.length > 0)
      describe(operation, () => {
        let seen: Seen;
        beforeAll(async () => {
          cells += kinds.length;
          seen = await run(operation);
        });
        test.each(kinds)("%s", async (kind) => {
          await judge(operation, kind, seen);
          well += 1;
        });
      });
  }
}

/** What the engine said, which is the same on each server. */
function expectSaid(operation: Operation, kind: Kind, { text, state }: Seen): void {
  const done = [...new Set(operationsIn(text)[kind])];
  const isThere = kindsIn(state).includes(kind);
  const expected: Readonly<Record<Operation, readonly string[]>> = {
    create: ["created"],
    "no change": [],
    refresh: [],
    change: saidOfChange(kind),
    import: [],
    remove: ["deleted"],
    destroy: ["deleted"],
  };
  expect([done, isThere]).toEqual([expected[operation], operation !== "remove" && operation !== "destroy"]);
  // No server gives back a password.
  if (operation === "import") expect(plannedIn(text)[kind]).toEqual(kind === "user" ? ["update"] : []);
}

describe.each(LANGUAGES)("On the fake Milvus 3.0.4, a program in %s", (language) => {
  let fake: FakeMilvus;
  let milvus: TestMilvus;
  let life: LanguageLife;

  beforeAll(async () => {
    fake = await startRoomyFake();
    milvus = new TestMilvus(fake);
    const config = { ...accessTo(fake), "test:password": { secret: "correct-horse" } };
    life = await LanguageLife.of(language, programsOf(KINDS, INPUTS), context, { config }, env);
  });
  afterAll(async () => {
    await milvus.close();
    await fake.stop();
  });

  matrix(
    "the fake Milvus 3.0.4",
    language,
    async (operation) => ({ ...(await life.run(operation)), standing: await standingOn(milvus) }),
    (operation, kind, seen) => {
      expectSaid(operation, kind, seen);
      const stands = (seen.standing?.[kind] as readonly { readonly collection_name?: string }[]).filter(
        (one) => one.collection_name !== COLLECTION_OF_SET,
      );
      const wanted = { create: "declared", "no change": "declared", refresh: "declared" } as const;
      if (operation === "remove" || operation === "destroy") expect(stands).toEqual([]);
      else expect(stands).toMatchObject(STANDS[operation in wanted ? "declared" : "changed"][kind]);
    },
  );
});

const ON_REAL = LANGUAGES.filter((language) => !language.startsWith("TypeScript"));

describe.each(ON_REAL.map((language, at) => [language, at] as const))(
  "On Milvus 2.3.5, a program in %s",
  (language, at) => {
    const named = (text: string): string => context.name(`${text}_${at}`);
    const inputs: ByKind<ExampleInputs> = {
      ...INPUTS,
      database: { databaseName: named("app") },
      collection: { ...INPUTS.collection, collectionName: named("docs") },
      alias: { ...INPUTS.alias, aliasName: named("current") },
      user: { ...INPUTS.user, userName: named("alice") },
      role: { roleName: named("readers") },
      resourceGroup: { resourceGroupName: named("fast") },
    };
    const kinds = KINDS.filter((kind) => kind !== "privilegeGroup");
    let server: TestServer;
    let life: LanguageLife;
    let made: Outcome["state"] = [];

    beforeAll(async () => {
      server = testServers().milvus;
      const config = { ...accessTo(server), "test:password": { secret: "correct-horse" } };
      const programs = programsOf(kinds, inputs, named(COLLECTION_OF_SET));
      life = await LanguageLife.of(language, programs, context, { config }, env);
    });

    matrix(
      "Milvus 2.3.5",
      language,
      async (operation) => {
        const seen = await life.run(operation);
        if (operation === "create") made = seen.state;
        return seen;
      },
      async (operation, kind, seen) => {
        expectSaid(operation, kind, seen);
        expect(await stands(server, made, kind)).toBe(operation !== "destroy");
      },
    );
  },
);

/** Whether the server has what a state knows. */
async function stands(server: TestServer, state: Outcome["state"], kind: Kind): Promise<boolean> {
  const milvus = gatewayTo(server);
  const resource = resources[kind] as unknown as AnyResource;
  const { outputs = {}, id = "" } = state.find(({ type }) => type.endsWith(`:${resource.kind}`)) ?? {};
  try {
    return (await resource.read(milvus, { ...resource.fromId(id, milvus), ...outputs })) !== undefined;
  } catch (error) {
    // In a database that is gone there is nothing to read.
    if ((error as Error).name === "NotFoundError") return false;
    throw error;
  } finally {
    await milvus.close();
  }
}
