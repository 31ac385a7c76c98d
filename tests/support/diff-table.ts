/** What the tables of diff say of an input, and the tests that each of them gets. */
import { Run } from "../../provider/run";
import { differences } from "../../provider/core/diff";
import type { Properties } from "../../provider/core/properties";
import type { Resource } from "../../provider/core/resource";
import type { Milvus } from "../../provider/milvus/gateway";
import { declaredPaths, judgeOf, type Values, withValue } from "./declared";

/** The oldest server that is run against, and a new one. */
export const OLD_SERVER = "v2.3.5-lite";
export const NEW_SERVER = "2.6.22";

export type Outcome = "replace" | "update" | "none";

export interface DiffCase {
  /** The path that the difference is found at, when it is not the declared path itself. */
  readonly at?: string;
  /** What the state has, and what the program asks for, given a value of the input. */
  readonly state: (value: unknown) => Values;
  readonly program: (value: unknown) => Values;
  readonly changes: readonly {
    readonly from: unknown;
    readonly to: unknown;
    /** Or the words of the refusal. */
    readonly old: Outcome | RegExp;
    readonly new: Outcome | RegExp;
  }[];
  /** What a server has when the program leaves the input out: no difference. */
  readonly leftOut?: readonly unknown[];
  /** Values that are written differently and are the same. */
  readonly same?: readonly (readonly [state: unknown, program: unknown])[];
}

export type DiffTable = Readonly<Record<string, DiffCase>>;

/** Makes the cases of a resource, given its state and a program that declares the same. */
export function diffCases(state: Values, program: Values) {
  const input = (
    name: string,
    outcome: Outcome,
    [from, to]: readonly [unknown, unknown],
    more: Partial<DiffCase> = {},
  ): DiffCase => ({
    state: (value) => withValue(state, name, value),
    program: (value) => withValue(program, name, value),
    changes: [{ from, to, old: outcome, new: outcome }],
    ...more,
  });
  const timeout = (name: string): DiffCase => ({
    state: (value) => ({ ...state, timeouts: { [name]: value } }),
    program: (value) => ({ ...program, timeouts: { [name]: value } }),
    changes: [
      { from: 60, to: 90, old: "none", new: "none" },
      { from: 60, to: undefined, old: "none", new: "none" },
    ],
  });
  return { input, timeout };
}

const shown = (value: unknown): string => JSON.stringify(value) ?? "nothing";

export function describeDiffOf(inputs: Properties, table: DiffTable): void {
  const rows = Object.entries(table).flatMap(([path, { state, program, changes, at = path }]) =>
    changes.flatMap(({ from, to, ...outcomes }) =>
      (["old", "new"] as const).map(
        (age) => [path, shown(from), shown(to), age, outcomes[age], at, state(from), program(to)] as const,
      ),
    ),
  );
  const leftOut = Object.entries(table).flatMap(([path, { state, program, leftOut = [] }]) =>
    leftOut.map((value) => [path, shown(value), state(value), program(undefined)] as const),
  );
  const same = Object.entries(table).flatMap(([path, { state, program, changes, same = [] }]) =>
    [...same, ...changes.map(({ to }) => [to, to] as const)].map(
      ([old, wanted]) => [path, shown(old), shown(wanted), state(old), program(wanted)] as const,
    ),
  );

  test("has a change in the table for every declared input", () => {
    expect(Object.keys(table).sort()).toEqual(declaredPaths(inputs).sort());
    for (const [path, { changes }] of Object.entries(table))
      expect([path, changes.length > 0]).toEqual([path, true]);
  });

  test.each(rows)(
    "a change of %s from %s to %s on an %s server: %s",
    async (_path, _from, _to, age, outcome, at, state, program) => {
      const judge = judgeOf(age === "old" ? OLD_SERVER : NEW_SERVER);
      const found = await differences(inputs, state, program, judge);
      if (outcome instanceof RegExp) {
        const refuse = expect.stringMatching(outcome) as string;
        expect(found).toEqual([
          {
            path: at,
            input: /^\w+/.exec(at)?.[0],
            effect: { refuse, instead: expect.stringMatching(/\w/) as string },
          },
        ]);
        return;
      }
      expect(found).toEqual(
        outcome === "none" ? [] : [{ path: at, input: /^\w+/.exec(at)?.[0], effect: outcome }],
      );
    },
  );

  test.each(leftOut)(
    "%s left out is no difference from %s on the server",
    async (_path, _value, state, program) => {
      expect(await differences(inputs, state, program, judgeOf(OLD_SERVER))).toEqual([]);
      expect(await differences(inputs, state, program, judgeOf(NEW_SERVER))).toEqual([]);
    },
  );

  test.each(same)(
    "%s: %s in the state is %s in the program",
    async (_path, _old, _wanted, state, program) => {
      expect(await differences(inputs, state, program, judgeOf(OLD_SERVER))).toEqual([]);
    },
  );
}

export interface Decision {
  readonly outcome: Outcome;
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** What diff decides, without what a replacement asks of the server: how much data it would cost. */
export async function decisionOf<Inputs extends object, State extends object>(
  resource: Resource<Milvus, Inputs, State>,
  olds: Values,
  news: Values,
  run = new Run(),
): Promise<Decision> {
  const found = await differences(resource.inputs, olds, news, judgeOf(OLD_SERVER, run));
  const replaces = [...new Set(found.filter(({ effect }) => effect === "replace").map(({ input }) => input))];
  const outcome = replaces.length > 0 ? "replace" : found.length > 0 ? "update" : "none";
  const sameName = resource.sameName(olds as State, news as Inputs, run);
  return { outcome, replaces, deleteBeforeReplace: outcome === "replace" && sameName };
}
