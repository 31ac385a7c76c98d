/** Checks the inputs of a resource before anything is asked of a server. */
import type { Identity } from "./resource";
import type { Properties } from "./properties";
import { checkProperties, inside, normalizeProperties, type Report } from "./shapes";
import { containsUnknown } from "./unknown";

/** Deeper than any parameter of Milvus is, and far from what a stack of calls can bear. */
const DEEPEST = 50;

export interface Problem {
  readonly property: string;
  readonly reason: string;
}

export interface Checked {
  readonly inputs: Record<string, unknown>;
  readonly problems: Problem[];
  /** What is done all the same. */
  readonly warnings: Problem[];
}

/** What of a resource is asked here. */
export type Checkable = Pick<Identity<never, never, never>, "inputs" | "check">;

/** The `secrets` are the inputs that hold something which the program marked as secret. */
export function checkInputs(
  resource: Checkable,
  given: Record<string, unknown>,
  secrets: ReadonlySet<string> = new Set(),
): Checked {
  const [problems, report] = collected();
  const [warnings, warn] = collected();
  const values = withoutTooDeep(given, report);
  refuseSecretNames(resource.inputs, secrets, report);
  checkProperties(resource.inputs, values, report);
  const inputs = normalizeProperties(resource.inputs, values);
  const wrong = new Set(problems.map(({ property }) => topOf(property)));
  const sound = Object.entries(inputs).filter(([name, value]) => !wrong.has(name) && !containsUnknown(value));
  resource.check?.(
    Object.fromEntries(sound) as never,
    report,
    (name) => wrong.has(name) || containsUnknown(inputs[name]),
    warn,
  );
  const kept = Object.entries(inputs).filter(([name]) => !resource.inputs[name]?.checkOnly);
  return { inputs: Object.fromEntries(kept), problems, warnings };
}

function collected(): [Problem[], Report] {
  const all: Problem[] = [];
  return [all, (property, reason) => void all.push({ property, reason })];
}

function withoutTooDeep(values: Record<string, unknown>, report: Report): Record<string, unknown> {
  const deep = Object.keys(values).filter((name) => isDeeperThan(DEEPEST, values[name]));
  for (const name of deep) report(inside("", name), `may be nested ${DEEPEST} levels deep at most`);
  return Object.fromEntries(Object.entries(values).filter(([name]) => !deep.includes(name)));
}

function partsOf(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value) : [];
}

/** Level by level: a value may be nested more deeply than calls can be. */
function isDeeperThan(levels: number, value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = level.flatMap(partsOf);
  }
  return false;
}

function refuseSecretNames(inputs: Properties, secrets: ReadonlySet<string>, report: Report): void {
  for (const [name, { inId, argument }] of Object.entries(inputs))
    if (inId && secrets.has(name))
      report(
        argument ?? name,
        "cannot be a secret, because it stands in ids, logs and errors: choose another name, or say that it is none " +
          "with pulumi.unsecret",
      );
}

/** The input that a path such as `fields[0].dim` is in. */
function topOf(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? path;
}
