/**
 * The forms for issues are such as GitHub shows; one that is not, it leaves out without a word. The rules:
 * https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

const ROOT = join(__dirname, "..", "..");
const FOLDER = join(ROOT, ".github", "ISSUE_TEMPLATE");
const read = (name: string): unknown => parse(readFileSync(join(FOLDER, name), "utf8"));

interface Option {
  readonly label: string;
  readonly required?: boolean;
}
interface Element {
  readonly type: string;
  readonly id?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly validations?: Readonly<Record<string, unknown>>;
}
interface Form {
  readonly name: string;
  readonly description: string;
  readonly labels: readonly string[];
  readonly body: readonly Element[];
}

const names = readdirSync(FOLDER).filter((name) => name !== "config.yml");
const forms = names.map((name): [string, Form] => [name, read(name) as Form]);

/** The attributes of each type; those that it must have first. */
const ATTRIBUTES: Readonly<Record<string, readonly [must: string[], may: string[]]>> = {
  markdown: [["value"], []],
  textarea: [["label"], ["description", "placeholder", "value", "render"]],
  input: [["label"], ["description", "placeholder", "value"]],
  dropdown: [
    ["label", "options"],
    ["description", "multiple", "default"],
  ],
  checkboxes: [["label", "options"], ["description"]],
};

test("there is one for bugs, one for data that is lost, and one for what is missing", () => {
  expect(names).toEqual(["bug.yml", "data-loss.yml", "feature.yml"]);
  expect(new Set(forms.map(([, { name }]) => name)).size).toBe(names.length);
});

describe.each(forms)("%s", (_, { name, description, labels, body, ...others }) => {
  test("has the keys of a form, in texts as long as GitHub shows them", () => {
    expect(Object.keys(others)).toEqual(["title"]);
    expect(name.length).toBeGreaterThan(2);
    expect(name.length).toBeLessThanOrEqual(200);
    expect(description.length).toBeLessThanOrEqual(200);
    expect(labels.length).toBeGreaterThan(0);
  });

  test("has elements with the attributes of their types, and ids of their own", () => {
    for (const { type, attributes, validations = {}, id = "" } of body) {
      const [must, may] = ATTRIBUTES[type] ?? [["there is no such type"], []];
      expect(Object.keys(attributes)).toEqual(expect.arrayContaining(must));
      expect(Object.keys(attributes).filter((key) => !must.includes(key) && !may.includes(key))).toEqual([]);
      expect(Object.keys(validations).filter((key) => key !== "required")).toEqual([]);
      expect(id).toMatch(type === "markdown" ? /^$/ : /^[\w-]+$/);
    }
    const asked = body.filter(({ type }) => type !== "markdown");
    expect(asked.length).toBeGreaterThan(0);
    for (const texts of [asked.map(({ id }) => id), asked.map(({ attributes }) => attributes["label"])])
      expect(new Set(texts).size).toBe(asked.length);
  });

  test("has options that can be told apart, and none that GitHub adds itself", () => {
    for (const { type, attributes } of body.filter((one) => "options" in one.attributes)) {
      const options = attributes["options"] as readonly (string | Option)[];
      const texts = options.map((one) => (typeof one === "string" ? one : one.label));
      expect(options.every((one) => (typeof one === "string") === (type === "dropdown"))).toBe(true);
      expect(new Set(texts).size).toBe(texts.length);
      expect(texts.map((text) => text.toLowerCase())).not.toContain("none");
    }
  });

  test("is sent by nobody who has not looked for secrets, where it asks for outputs", () => {
    const asksForOutput = body.some(({ attributes }) => attributes["render"] === "text");
    const confirmed = body.some(
      ({ type, attributes }) =>
        type === "checkboxes" &&
        (attributes["options"] as readonly Option[]).every(({ required }) => required),
    );
    expect(confirmed).toBe(asksForOutput);
  });
});

test("there is no other way to begin one, and what is no issue is led elsewhere", () => {
  const { blank_issues_enabled, contact_links } = read("config.yml") as {
    blank_issues_enabled: boolean;
    contact_links: readonly Readonly<Record<string, string>>[];
  };
  expect(blank_issues_enabled).toBe(false);
  for (const link of contact_links) {
    expect(Object.keys(link)).toEqual(["name", "url", "about"]);
    expect(link["url"]).toMatch(/^https:\/\//);
  }
});
