/** What a server is too old to change in place, through the real engine on fakes: data is never the price of a description. */
import type { Workspace } from "../../tools/stack";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { accessTo, FIELDS, live, program, said, stackLines } from "./support/live";
import { good, rows, TestMilvus } from "./support/milvus";

const context = live();

const opened: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of opened) await close();
});

interface On {
  readonly fake: FakeMilvus;
  readonly milvus: TestMilvus;
  readonly stack: Workspace;
}

async function on(version: string, text: string): Promise<On> {
  const fake = await startFakeMilvus({ version, password: "s3cret of root", loadTime: 20 });
  const milvus = new TestMilvus(fake);
  opened.push(async () => {
    await milvus.close();
    await fake.stop();
  });
  const stack = await context.stack(text, { config: accessTo(fake) });
  await stack.up();
  return { fake, milvus, stack };
}

const declare = (more: string, fields = FIELDS): string =>
  program(`new milvus.Collection("docs", { fields: ${fields}, ${more} });`);

async function described({ client }: TestMilvus) {
  const { schema, collectionID } = good(await client.describeCollection({ collection_name: "docs" }));
  return { description: schema.description, isDynamic: schema.enable_dynamic_field, id: collectionID };
}

const CHANGES = /^(Alter|Drop|Create|Rename|Release|Add)/;
const changesOf = ({ calls }: FakeMilvus): number => calls.filter((call) => CHANGES.test(call)).length;

describe("A description that changes", () => {
  test("is refused on 2.4 at preview and at up, and nothing on the server changes", async () => {
    const { fake, milvus, stack } = await on("2.4.23", declare(`description: "old", version: "1"`));
    await milvus.insert("docs", rows(7));
    await milvus.flush("docs");
    const [before, calls] = [await described(milvus), changesOf(fake)];
    stack.program(declare(`description: "new", version: "1"`));
    for (const refused of [
      await stack.preview({ expectFailure: true }),
      await stack.up({ expectFailure: true }),
    ]) {
      expect(refused.code).not.toBe(0);
      expect(said(refused)).toContain(
        "collection docs is not changed: description: this server cannot change it in place (needs Milvus 2.5.12 or " +
          "later, it is v2.4.23). Declare it as it was; or change the input `version`",
      );
      expect(stackLines(refused)).toEqual([]);
    }
    expect(await described(milvus)).toEqual(before);
    expect(changesOf(fake)).toBe(calls);

    // On purpose, with what it costs.
    stack.program(declare(`description: "new", version: "2"`));
    for (const refused of [
      await stack.preview({ expectFailure: true }),
      await stack.up({ expectFailure: true }),
    ])
      expect(said(refused)).toMatch(/default\/docs holds .*7 rows .* is not replaced, because a replacement/);
    expect(await described(milvus)).toEqual(before);
    expect(changesOf(fake)).toBe(calls);
    await stack.config({ "milvus:acknowledgedDataLoss": "default/docs" });
    const preview = await stack.preview();
    expect(said(preview)).toMatch(/collection docs will be replaced: .*7 rows .*will be lost/);
    expect((await stack.up()).summary).toMatchObject({ replace: 1 });
    const after = await described(milvus);
    expect(after.description).toBe("new");
    expect(after.id).not.toBe(before.id);
    await stack.preview({ args: ["--expect-no-changes"] });
    await stack.destroy();
  });

  test("comes with a replacement that the schema asks for, and is no reason to refuse it", async () => {
    const { milvus, stack } = await on("2.4.23", declare(`description: "old"`));
    stack.program(declare(`description: "new"`, FIELDS.replace("dim: 8", "dim: 16")));
    expect((await stack.up()).summary).toMatchObject({ replace: 1 });
    expect((await described(milvus)).description).toBe("new");
    await stack.destroy();
  });

  test("is changed in place on 2.6, with the data kept", async () => {
    const { milvus, stack } = await on("2.6.19", declare(`description: "old"`));
    const { id } = await described(milvus);
    stack.program(declare(`description: "new"`));
    expect((await stack.up()).summary).toMatchObject({ update: 1, replace: 0 });
    expect(await described(milvus)).toMatchObject({ description: "new", id });
    await stack.preview({ args: ["--expect-no-changes"] });
    await stack.destroy();
  });
});

describe("A dynamic field that is switched off", () => {
  test("is refused on 2.6", async () => {
    const { milvus, stack } = await on("2.6.19", declare("enableDynamicField: true"));
    const before = await described(milvus);
    stack.program(declare("enableDynamicField: false"));
    const refused = await stack.preview({ expectFailure: true });
    expect(said(refused)).toContain(
      "enableDynamicField: this server cannot change it in place (needs Milvus 3.0.0 or later, it is v2.6.19)",
    );
    expect(await described(milvus)).toEqual(before);
    await stack.destroy();
  });

  test("goes in place on 3.0, with its values: which is told, and refused where data is protected", async () => {
    const { milvus, stack } = await on("3.0.0", declare("enableDynamicField: true"));
    await milvus.insert("docs", rows(7));
    await milvus.flush("docs");
    const before = await described(milvus);
    stack.program(declare("enableDynamicField: false"));
    expect(said(await stack.preview())).toMatch(
      /the dynamic fields of collection docs will be dropped: their values in .*7 rows .* will be lost/,
    );

    await stack.config({ "milvus:protectData": "true" });
    const refused = await stack.up({ expectFailure: true });
    expect(said(refused)).toMatch(
      /default\/docs\/fields\/\$meta holds their values in .*7 rows .* not dropped, because milvus:protectData is on/,
    );
    expect(await described(milvus)).toEqual(before);

    await stack.config({ "milvus:acknowledgedDataLoss": '["default/docs/fields/$meta"]' });
    expect((await stack.up()).summary).toMatchObject({ update: 1, replace: 0 });
    expect(await described(milvus)).toEqual({ ...before, isDynamic: false });
    await stack.preview({ args: ["--expect-no-changes"] });
  });
});

describe.each([
  ["user alice", `milvus.User("alice", { password: "correct-horse"`],
  ["role readers", `milvus.Role("readers", { roleName: "readers"`],
])("The description of %s", (object, start) => {
  test("is refused where the server keeps none, at preview, and may be left out again", async () => {
    const access = (more: string): string => program(`new ${start}${more} });`);
    const { fake, stack } = await on("2.4.23", access(""));
    const calls = changesOf(fake);
    stack.program(access(`, description: "Reads"`));
    const refused = await stack.preview({ expectFailure: true });
    expect(said(refused)).toContain(
      `${object} is not changed: description: this server keeps no descriptions of users and roles (needs Milvus `,
    );
    expect(said(refused)).toContain("it is v2.4.23). Leave it out");
    expect(changesOf(fake)).toBe(calls);
    stack.program(access(""));
    await stack.preview({ args: ["--expect-no-changes"] });
    await stack.destroy();
  });
});
