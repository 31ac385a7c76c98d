/**
 * Lets Pulumi's dynamic provider process call a resource. Types only come from Pulumi: nothing of it is loaded.
 *
 * Facts behind it (@pulumi/pulumi 3.248): a provider is made once per process and its configure may run at the same
 * time as the first calls, so configure keeps its values at once and nothing else; olds of diff, update and delete
 * are outputs, olds of check are inputs; what a failed check, diff, read or delete throws is printed with its stack.
 */
import type * as dynamic from "@pulumi/pulumi/dynamic";

import { checkInputs, type Problem } from "../core/check";
import { differences } from "../core/diff";
import type { Judge, Properties } from "../core/properties";
import { log } from "../core/log";
import { type Resource, Unfinished } from "../core/resource";
import { show } from "../core/shapes";
import { Milvus } from "../milvus/gateway";
import { readSettings, type Settings } from "../milvus/settings";
import { refuseProtectedLoss, sayLossOfReplacement } from "./data-loss";

type Values = Record<string, unknown>;

/** Sent by the SDK beside the inputs: check never sees the logical name otherwise. */
const LOGICAL_NAME = "logicalName";
const PROVIDER = "__provider";

export function dynamicProvider<Inputs extends object, State extends object>(
  resource: Resource<Milvus, Inputs, State>,
): dynamic.ResourceProvider {
  let config: dynamic.Config | undefined;
  let known: Settings | undefined;
  let connected: Milvus | undefined;
  /**
   * Names that were left out and stay what they were, by the inputs they were left out of: the engine checks a
   * replacement once more, with the same inputs but without the old ones.
   */
  const keptNames = new Map<string, unknown>();

  const settings = (): Settings =>
    (known ??= readSettings(
      (name) => config?.get(`milvus:${name}`),
      (name) => process.env[name],
    ));
  const milvus = (): Milvus => (connected ??= Milvus.at(settings()));

  /** What was left out and is the same for the whole provider. */
  const complete = (values: Values): Inputs =>
    ({ ...values, databaseName: values["databaseName"] ?? milvus().database }) as unknown as Inputs;

  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- has to keep the values before anything is awaited
    async configure(request) {
      config = request.config;
    },

    // eslint-disable-next-line @typescript-eslint/require-await
    async check(olds: Values = {}, news: Values) {
      const { [LOGICAL_NAME]: logicalName, [PROVIDER]: provider, ...given } = news;
      const declared = JSON.stringify(news);
      const oldName = olds[resource.nameInput] ?? keptNames.get(declared);
      if (oldName !== undefined) keptNames.set(declared, oldName);
      const name = given[resource.nameInput] ?? oldName ?? logicalName;
      const { inputs, problems } = checkInputs(resource as unknown as Resource<Judge, never, never>, {
        ...given,
        [resource.nameInput]: name,
      });
      return { inputs: { ...inputs, [PROVIDER]: provider }, failures: problems.map(asFailure) };
    },

    diff: (_id, olds: Values, news: Values) =>
      plainly(async () => {
        const found = await differences(
          resource.inputs,
          olds,
          complete(bare(news)) as Values,
          lazily(milvus),
        );
        const replaces = found.filter(({ effect }) => effect === "replace").map(({ input }) => input);
        const old = olds as unknown as State;
        resource.decided?.(old, replaces.length > 0 ? "replace" : found.length > 0 ? "update" : "none");
        if (replaces.length > 0) await sayLossOfReplacement(resource, milvus(), settings(), old);
        return {
          changes: found.length > 0,
          replaces: [...new Set(replaces)],
          deleteBeforeReplace: replaces.length > 0 && resource.sameName(old, complete(bare(news))),
        };
      }),

    create: (news: Values) =>
      keepingUnfinished(resource, news, async () => {
        const state = await resource.create(milvus(), complete(bare(news)));
        return { id: resource.id(state), outs: outputsOf(resource.inputs, state) };
      }),

    read: (id, props: Values = {}) =>
      plainly(async () => {
        const known = { ...resource.fromId(id, milvus()), ...bare(props) };
        const state = await resource.read(milvus(), complete(known));
        if (!state) return {};
        const outputs = outputsOf(resource.inputs, state);
        sayDrift(resource.inputs, resource.describe(known as Partial<Inputs & State>), bare(props), outputs);
        return { id, props: outputs };
      }),

    update: (id, olds: Values, news: Values) =>
      keepingUnfinished(
        resource,
        news,
        async () => {
          const state = await resource.update(milvus(), bare(olds) as unknown as State, complete(bare(news)));
          return { outs: outputsOf(resource.inputs, state) };
        },
        id,
      ),

    delete: (_id, props: Values) =>
      plainly(async () => {
        const state = complete(bare(props)) as unknown as State;
        await refuseProtectedLoss(resource, milvus(), settings(), state);
        await resource.delete(milvus(), state);
      }),
  };
}

/** The engine prints the value of the property it is given, and finds none, or a whole list, for a path inside one. */
function asFailure({ property, reason }: Problem): dynamic.CheckFailure {
  return /[.[]/.test(property) ? { property: "", reason: `${property}: ${reason}` } : { property, reason };
}

/** What somebody changed on the server since the state was written; the engine shows it with --diff only. */
function sayDrift(inputs: Properties, object: string, recorded: Values, found: Values): void {
  for (const [name, { shape, change }] of Object.entries(inputs)) {
    const [was, is] = [recorded[name], found[name]];
    if (change === "ignore" || was === undefined || is === undefined || shape.equal(was, is)) continue;
    log(`${object}: ${name} is ${show(is)} on the server, the state had ${show(was)}`);
  }
}

function bare({ [PROVIDER]: _, ...values }: Values): Values {
  return values;
}

/** A diff that needs no answer of the server does not connect to it. */
function lazily(milvus: () => Milvus): Judge {
  return { supports: (feature) => milvus().supports(feature) };
}

function outputsOf(inputs: Properties, state: object): Values {
  return Object.fromEntries(
    Object.entries(state).filter(([name, value]) => value !== undefined && !inputs[name]?.inputOnly),
  );
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
  error.toString = () => "pulumi-milvus";
  error.stack = "a call failed, see the error of the resource";
  return error;
}

/** A resource that exists but is not finished is kept in the state, with the reason. */
async function keepingUnfinished<T>(
  resource: { id(state: never): string; inputs: Properties },
  news: Values,
  call: () => Promise<T>,
  id?: string,
): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    if (!(thrown instanceof Unfinished)) throw withoutStack(thrown);
    const state = thrown.state as never;
    throw Object.assign(withoutStack(thrown), {
      id: id ?? resource.id(state),
      properties: { ...outputsOf(resource.inputs, state), [PROVIDER]: news[PROVIDER] },
      reasons: [thrown.message],
    });
  }
}
