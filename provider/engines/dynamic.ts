/**
 * Lets Pulumi's dynamic provider process call a resource: its protocol and nothing else. Types only come from Pulumi:
 * nothing of it is loaded.
 *
 * Facts behind it (@pulumi/pulumi 3.248): a provider is made once per process and its configure may run at the same
 * time as the first calls, so configure keeps its values at once and nothing else; olds of diff, update and delete
 * are outputs, olds of check are inputs; what a failed check, diff, read or delete throws is printed with its stack.
 */
import type * as dynamic from "@pulumi/pulumi/dynamic";

import { hide, printable } from "../core/printable";
import type { Properties } from "../core/properties";
import { type Resource, Unfinished } from "../core/resource";
import { ConfiguredProvider } from "../lifecycle/configured";
import { LifeCycle } from "../lifecycle/life-cycle";
import type { Milvus } from "../milvus/gateway";
import { Run } from "../run";
import { outputsOf, reasonsOf } from "./answers";

type Values = Record<string, unknown>;

/** Sent by the SDK beside the inputs: check never sees the logical name otherwise. */
const LOGICAL_NAME = "logicalName";
/** Sent by the SDK: `RUN:NUMBER:preview` or `RUN:NUMBER:up`, the run of the program and which of its resources this is. */
const DECLARATION = "declaration";
/** Kept in the state of what holds data: the logical name of the resource, of which a delete says nothing. */
export const DECLARED_AS = "declaredAs";
/** The code that the engine finds a provider by. */
export const PROVIDER = "__provider";
/**
 * Sent by the SDK: where the values are that the program marked as secret, which arrive bare. Kept in the state, since
 * a refresh hears nothing of the program.
 */
const SECRETS = "secretInputs";
/** Sent by the SDK with milvus:previewDeletes: the name of the Provider, kept in the inputs for its delete hook. */
export const HOOK_PROVIDER = "hookProvider";
/** What states keep beside the values of a resource. */
export const MARKS: readonly string[] = [PROVIDER, SECRETS, HOOK_PROVIDER, DECLARED_AS];
type Path = readonly (string | number)[];

export function dynamicProvider<Inputs extends object, State extends object>(
  resource: Resource<Milvus, Inputs, State>,
  run = new Run(),
): dynamic.ResourceProvider {
  let config: dynamic.Config | undefined;
  const provider = new ConfiguredProvider((name) => config?.get(`milvus:${name}`), run);
  const life = new LifeCycle(resource, provider);

  const own = (values: Values): Values => withoutMarks(resource.inputs, values);
  const asOutputs = (state: State, { [SECRETS]: secrets, [DECLARED_AS]: before }: Values): Values => {
    const declaredAs = life.logicalNameOf(state) ?? before;
    return {
      ...outputsOf(resource.inputs, state),
      ...(secrets !== undefined && { [SECRETS]: secrets }),
      ...(declaredAs !== undefined && { [DECLARED_AS]: declaredAs }),
    };
  };

  /** A resource that exists but is not finished is kept in the state, with the reason. */
  const keepingUnfinished = async <T>(news: Values, call: () => Promise<T>, id?: string): Promise<T> => {
    try {
      return await call();
    } catch (thrown) {
      if (!(thrown instanceof Unfinished)) throw withoutStack(thrown);
      const state = thrown.state as State;
      throw Object.assign(withoutStack(thrown), {
        id: id ?? resource.id(state),
        properties: { ...asOutputs(state, news), [PROVIDER]: news[PROVIDER] },
        reasons: [printable(thrown.message)],
      });
    }
  };

  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- has to keep the values before anything is awaited
    async configure(request) {
      config = request.config;
    },

    async check(olds: Values = {}, news: Values) {
      const { [LOGICAL_NAME]: logicalName, [DECLARATION]: declaration, ...given } = own(news);
      const declared = declaredIn(declaration);
      const { inputs, problems } = life.check({
        given,
        olds,
        logicalName,
        ...declared,
        secrets: secretInputsOf(news),
      });
      // What is left of a password without its line end is as secret.
      for (const [name, { secret }] of Object.entries(resource.inputs)) if (secret) hide(inputs[name]);
      // The engine asks for no preview of a create.
      const isNew = Object.keys(olds).length === 0 && problems.length === 0;
      if (declared.isPreview && isNew) await life.tellStanding(inputs);
      const { [SECRETS]: secrets, [HOOK_PROVIDER]: hooked, [PROVIDER]: handler } = news;
      const marks = {
        ...(secrets !== undefined && { [SECRETS]: secrets }),
        ...(hooked !== undefined && { [HOOK_PROVIDER]: hooked }),
        [PROVIDER]: handler,
      };
      return {
        inputs: { ...inputs, ...marks },
        failures: reasonsOf(problems).map((reason) => ({ property: "", reason })),
      };
    },

    diff: (_id, olds: Values, news: Values) =>
      plainly(async () => {
        const secrets = new Set([...secretInputsOf(olds), ...secretInputsOf(news)]);
        const plan = await life.diff(own(olds), own(news), secrets);
        return plan.kind === "replace"
          ? { changes: true, replaces: [...plan.because], deleteBeforeReplace: plan.deleteBeforeReplace }
          : { changes: plan.kind !== "none", replaces: [], deleteBeforeReplace: false };
      }),

    create: (news: Values) =>
      keepingUnfinished(news, async () => {
        const { id, state } = await life.create(own(news));
        return { id, outs: asOutputs(state, news) };
      }),

    read: (id, props: Values = {}) =>
      plainly(async () => {
        const state = await life.read(id, own(props), secretInputsOf(props));
        return state ? { id, props: asOutputs(state, props) } : {};
      }),

    update: (id, olds: Values, news: Values) =>
      keepingUnfinished(
        news,
        async () => ({ outs: asOutputs(await life.update(own(olds), own(news)), news) }),
        id,
      ),

    delete: (_id, props: Values) =>
      plainly(() => {
        const { [DECLARED_AS]: declaredAs } = props;
        return life.delete(own(props), typeof declaredAs === "string" ? declaredAs : undefined);
      }),
  };
}

/** Nothing for what is no resource of the SDK's. */
function declaredIn(declaration: unknown): { readonly declaration?: string; readonly isPreview?: boolean } {
  if (typeof declaration !== "string") return {};
  return { declaration, isPreview: declaration.endsWith(":preview") };
}

function secretsOf({ [SECRETS]: paths }: Readonly<Values>): readonly Path[] {
  return Array.isArray(paths) ? paths.filter((path): path is Path => Array.isArray(path)) : [];
}

/** The inputs that hold something which the program marked as secret. */
export function secretInputsOf(values: Readonly<Values>): ReadonlySet<string> {
  return new Set(secretsOf(values).map(([input]) => String(input)));
}

function valueAt(values: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === "object" && value !== null ? (value as Values)[step] : undefined),
    values,
  );
}

/** What is of the resource itself. Nothing shows from now on what is secret in it. */
function withoutMarks(inputs: Properties, given: Values): Values {
  const values = Object.fromEntries(Object.entries(given).filter(([name]) => !MARKS.includes(name)));
  for (const path of secretsOf(given)) hide(valueAt(values, path));
  for (const [name, { secret }] of Object.entries(inputs)) if (secret) hide(values[name]);
  return values;
}

/** The provider process prints what a call throws with its stack, and the engine the message: users need that once. */
async function plainly<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    throw withoutStack(thrown);
  }
}

function withoutStack(thrown: unknown): Error {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  error.message = printable(error.message);
  error.toString = () => "pulumi-milvus";
  error.stack = "a call failed, see the error of the resource";
  return error;
}
