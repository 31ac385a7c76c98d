/** What the tables of check say of an input, and the tests that each of them gets. */
import type { Properties } from "../../provider/core/properties";
import { checked, declaredPaths, failuresOf, UNKNOWN, type Values, withValue } from "./declared";

export interface CheckCase {
  /** Where the problem is reported. */
  readonly at: string;
  /** Whole inputs that are valid apart from the value. */
  readonly put: (value: unknown) => Values;
  /** Valid values, each boundary among them. */
  readonly good: readonly unknown[];
  /** Values of another type. */
  readonly wrongType: readonly (readonly [value: unknown, rule: RegExp])[];
  /** One past each boundary, and other values of the right type that break a rule. */
  readonly bad?: readonly (readonly [value: unknown, rule: RegExp])[];
}

export type CheckTable = Readonly<Record<string, CheckCase>>;

/** Makes the cases of a resource, given inputs that are valid. */
export function checkCases(base: Values) {
  const input = (name: string, values: Omit<CheckCase, "at" | "put">): CheckCase => ({
    at: name,
    put: (value) => withValue(base, name, value),
    ...values,
  });
  const timeout = (name: string): CheckCase => ({
    at: `timeouts.${name}`,
    put: (value) => ({ ...base, timeouts: { [name]: value } }),
    good: [1, 86_400],
    wrongType: [["60", /must be a whole number, not "60"/]],
    bad: [[0, /must be 1 or more, not 0/]],
  });
  return { input, timeout };
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 50 ? `${text.slice(0, 47)}...` : text;
};

export function describeCheckOf(
  resource: { readonly inputs: Properties; readonly kind: string },
  table: CheckTable,
) {
  const good = Object.entries(table).flatMap(([path, { good, put }]) =>
    good.map((value) => [path, shown(value), put(value)] as const),
  );
  const bad = Object.entries(table).flatMap(([path, { wrongType, bad = [], put, at }]) =>
    [...wrongType, ...bad].map(([value, rule]) => [path, shown(value), put(value), at, rule] as const),
  );

  test("has a case in the table for every declared input, with valid values and ones of a wrong type", () => {
    expect(Object.keys(table).sort()).toEqual(declaredPaths(resource.inputs).sort());
    for (const [path, { good, wrongType }] of Object.entries(table))
      expect([path, good.length > 0, wrongType.length > 0]).toEqual([path, true, true]);
  });

  test.each(good)("takes %s = %s", async (_path, _value, inputs) => {
    expect(await failuresOf(resource, inputs)).toEqual([]);
  });

  // With ignoreChanges the engine sends what check returned for the state before.
  test.each(good)(
    "takes what it returned for %s = %s back, and returns the same",
    async (_path, _value, news) => {
      const { inputs } = await checked(resource, news);
      expect(await checked(resource, inputs, inputs)).toEqual({ inputs, failures: [] });
    },
  );

  test.each(bad)(
    "refuses %s = %s, naming the property and the rule",
    async (_path, _value, inputs, at, rule) => {
      const failures = await failuresOf(resource, inputs);
      expect(failures).toContainEqual({ property: at, reason: expect.stringMatching(rule) as string });
      expect(failures.map(({ property }) => property)).toEqual(failures.map(() => at));
    },
  );

  test.each(Object.keys(table))("waits with %s until its value is known", async (path) => {
    const inputs = table[path]?.put(UNKNOWN) ?? {};
    expect(JSON.stringify(inputs)).toContain(UNKNOWN);
    expect(await failuresOf(resource, inputs)).toEqual([]);
  });
}
