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
import { hide, printable } from "../core/printable";
import { type Resource, Unfinished } from "../core/resource";
import { show } from "../core/shapes";
import { UnsupportedError } from "../milvus/errors";
import { Milvus } from "../milvus/gateway";
import { MissingAddress, readSettings, type Settings } from "../milvus/settings";
import {
  refuseProtectedLoss,
  refuseProtectedLossOfUpdate,
  sayLossOfReplacement,
  sayLossOfUpdate,
} from "./data-loss";
import { Declared, type DeclaredInRun } from "./declared";

type Values = Record<string, unknown>;

/** Sent by the SDK beside the inputs: check never sees the logical name otherwise. */
const LOGICAL_NAME = "logicalName";
const PROVIDER = "__provider";
/**
 * Sent by the SDK: where the values are that the program marked as secret, which arrive bare. Kept in the state, since
 * a refresh hears nothing of the program.
 */
const SECRETS = "secretInputs";
type Path = readonly (string | number)[];

/**
 * A refresh asks for one resource after another and takes a second for hundreds: they are all seen at one look, in
 * milliseconds.
 */
const ONE_LOOK = 1_000;

/** More would bury the first ones. */
const MOST_FAILURES = 50;

export function dynamicProvider<Inputs extends object, State extends object>(
  resource: Resource<Milvus, Inputs, State>,
  inRun: DeclaredInRun = new Set(),
): dynamic.ResourceProvider {
  let config: dynamic.Config | undefined;
  let known: Settings | undefined;
  let connected: Milvus | undefined;
  /**
   * Names that were left out and stay what they were, by the inputs they were left out of: the engine checks a
   * replacement once more, with the same inputs but without the old ones. One entry for each resource of a run.
   */
  const keptNames = new Map<string, unknown>();
  const declared = new Declared<Inputs, State>(resource, inRun);

  const settings = (): Settings =>
    (known ??= readSettings(
      (name) => config?.get(`milvus:${name}`),
      (name) => process.env[name],
    ));
  const milvus = (): Milvus => (connected ??= Milvus.at(settings()));
  const problemOfSettings = (): readonly Problem[] => {
    try {
      settings();
    } catch (error) {
      if (!(error instanceof MissingAddress)) return [{ property: "", reason: (error as Error).message }];
    }
    return [];
  };

  /** Without them check has refused the resource, or the address is not known yet. */
  const hasSettings = (): boolean => {
    try {
      return settings() !== undefined;
    } catch {
      return false;
    }
  };

  const own = (values: Values): Values => withoutMarks(resource.inputs, values);

  /** What was left out and is the same for the whole provider. */
  const complete = (values: Values): Inputs =>
    ({ ...values, databaseName: values["databaseName"] ?? milvus().database }) as unknown as Inputs;

  /** The inputs as check sees them: without settings nothing is called, and no database is known. */
  const withDatabase = (inputs: Values): Inputs =>
    (hasSettings() ? complete(inputs) : inputs) as unknown as Inputs;

  /** A name that was left out is the one it was, or else the logical name. */
  const named = (given: Values, olds: Values, news: Values, logicalName: unknown): Values => {
    const { nameInput } = resource;
    if (nameInput === undefined) return given;
    const oldName = olds[nameInput] ?? keptNames.get(declaration(news));
    if (oldName !== undefined) keptNames.set(declaration(news), oldName);
    return { ...given, [nameInput]: given[nameInput] ?? oldName ?? logicalName };
  };

  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- has to keep the values before anything is awaited
    async configure(request) {
      config = request.config;
    },

    // eslint-disable-next-line @typescript-eslint/require-await
    async check(olds: Values = {}, news: Values) {
      const { [LOGICAL_NAME]: logicalName, ...given } = own(news);
      const secrets = secretsOf(news);
      const { inputs, problems } = checkInputs(
        resource as unknown as Resource<Judge, never, never>,
        named(given, olds, news, logicalName),
        new Set(secrets.map(([input]) => String(input))),
      );
      // What is left of a password without its line end is as secret.
      for (const [name, { secret }] of Object.entries(resource.inputs)) if (secret) hide(inputs[name]);
      if (problems.length === 0) {
        // Without old inputs it is new, or is about to be replaced: then what is there goes first.
        if (Object.keys(olds).length === 0) declared.forget(withDatabase(inputs));
        else declared.add(withDatabase(inputs));
      }
      return {
        inputs: { ...inputs, ...markOf(news), [PROVIDER]: news[PROVIDER] },
        failures: asFailures([...problemOfSettings(), ...problems]),
      };
    },

    diff: (_id, olds: Values, news: Values) =>
      plainly(async () => {
        const wanted = complete(own(news));
        const old = own(olds) as unknown as State;
        const found = await differences(resource.inputs, old as Values, wanted as Values, lazily(milvus));
        const goes = resource.goesBecauseOf?.(old);
        resource.compared?.(old);
        const replaces = found.filter(({ effect }) => effect === "replace").map(({ input }) => input);
        if (goes !== undefined) replaces.push(goes);
        const differs = found.length > 0 || replaces.length > 0;
        const strayed = !differs && ((await resource.strayed?.(milvus(), old, wanted)) ?? false);
        const decision = replaces.length > 0 ? "replace" : differs || strayed ? "update" : "none";
        // A refresh asks too, also for resources that the program no longer has, without a check before.
        if (declared.has(wanted)) resource.decided?.(old, decision, wanted);
        const sameName = replaces.length > 0 && resource.sameName(old, wanted);
        if (replaces.length > 0) {
          await refuseUnmakeable(resource, milvus(), wanted);
          await sayLossOfReplacement(resource, milvus(), settings(), old, !sameName);
        } else if (found.length > 0 && resource.lossesOfUpdate && hasSettings())
          await sayLossOfUpdate(resource, milvus(), settings(), old, wanted);
        return {
          changes: decision !== "none",
          replaces: [...new Set(replaces)],
          deleteBeforeReplace: sameName,
        };
      }),

    create: (news: Values) =>
      keepingUnfinished(resource, news, async () => {
        const state = await resource.create(milvus(), complete(own(news)));
        const id = resource.id(state);
        declared.add(state);
        return { id, outs: { ...outputsOf(resource.inputs, state), ...markOf(news) } };
      }),

    read: (id, props: Values = {}) =>
      plainly(async () => {
        const recorded = own(props);
        const known = { ...resource.fromId(id, milvus()), ...recorded };
        const state = await resource.read(milvus().withAnswersOf(ONE_LOOK), complete(known));
        if (!state) {
          if (Object.keys(recorded).length === 0) throw notThere(resource, id, milvus().address);
          return {};
        }
        const outputs = outputsOf(resource.inputs, state);
        sayDrift(resource.inputs, resource.describe(known as Partial<Inputs & State>), props, outputs);
        return { id, props: { ...outputs, ...markOf(props) } };
      }),

    update: (id, olds: Values, news: Values) =>
      keepingUnfinished(
        resource,
        news,
        async () => {
          const wanted = complete(own(news));
          const old = declared.leftOfUpdate(own(olds) as unknown as State, wanted);
          if (resource.lossesOfUpdate)
            await refuseProtectedLossOfUpdate(resource, milvus(), settings(), old, wanted);
          const state = await resource.update(milvus(), old, wanted);
          return { outs: { ...outputsOf(resource.inputs, state), ...markOf(news) } };
        },
        id,
      ),

    delete: (_id, props: Values) =>
      plainly(async () => {
        const state = complete(own(props)) as unknown as State;
        const left = declared.leftOf(state);
        if (left === undefined) return;
        await refuseProtectedLoss(resource, milvus(), settings(), left);
        await resource.delete(milvus(), left);
      }),
  };
}

/** The engine would print the whole value of a property it is given, as it is, secrets and control characters too. */
function asFailures(problems: readonly Problem[]): dynamic.CheckFailure[] {
  const reasons = problems
    .slice(0, MOST_FAILURES)
    .map(({ property, reason }) => (property === "" ? reason : `${property}: ${reason}`));
  const more = problems.length - MOST_FAILURES;
  if (more > 0) reasons.push(`and ${more} more problems, which are told once these are mended`);
  return reasons.map((reason) => ({ property: "", reason: printable(reason) }));
}

function secretsOf({ [SECRETS]: paths }: Values): readonly Path[] {
  return Array.isArray(paths) ? paths.filter((path): path is Path => Array.isArray(path)) : [];
}

function valueAt(values: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === "object" && value !== null ? (value as Values)[step] : undefined),
    values,
  );
}

/** What tells one declaration from another; nothing for one that is nested too deeply, which check refuses. */
function declaration(news: Values): string {
  try {
    return JSON.stringify(news);
  } catch {
    return "";
  }
}

/** What somebody changed on the server since the state was written; the engine shows it with --diff only. */
function sayDrift(inputs: Properties, object: string, recorded: Values, found: Values): void {
  const secret = new Set(secretsOf(recorded).map(([input]) => input));
  for (const [name, { shape, change }] of Object.entries(inputs)) {
    const [was, is] = [recorded[name], found[name]];
    if (change === "ignore" || was === undefined || is === undefined || shape.equal(was, is)) continue;
    const difference = shape.difference?.(was, is);
    log(
      secret.has(name)
        ? `${object}: ${name} is another on the server than in the state; it is a secret and not shown`
        : difference === undefined
          ? `${object}: ${name} is ${show(is)} on the server, the state had ${show(was)}`
          : `${object}: ${name} on the server: ${difference}`,
    );
  }
}

/** Without a state the engine reads for a program's `get`: an empty answer would count as an object without outputs. */
function notThere({ kind }: { readonly kind: string }, id: string, address: string): Error {
  return new Error(
    `${kind}.get: there is no object with the id ${show(id)} on Milvus at ${address}. Check the id, or declare the ` +
      `object with new ${kind}(...) to have it made`,
  );
}

/** What is of the resource itself. Nothing shows from now on what is secret in it. */
function withoutMarks(inputs: Properties, given: Values): Values {
  const { [PROVIDER]: _, [SECRETS]: __, ...values } = given;
  for (const path of secretsOf(given)) hide(valueAt(values, path));
  for (const [name, { secret }] of Object.entries(inputs)) if (secret) hide(values[name]);
  return values;
}

/** What the SDK said of secrets, to be kept; nothing when there are none. */
function markOf({ [SECRETS]: secrets }: Values): Values {
  return secrets === undefined ? {} : { [SECRETS]: secrets };
}

/** A server that does not answer says nothing of what it can make: then the rest of the diff tells. */
async function refuseUnmakeable<Inputs extends object>(
  resource: Pick<Resource<Milvus, Inputs, never>, "demands">,
  milvus: Milvus,
  wanted: Inputs,
): Promise<void> {
  await resource.demands?.(milvus, wanted).catch((error: unknown) => {
    if (error instanceof UnsupportedError) throw error;
  });
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
  error.message = printable(error.message);
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
      properties: { ...outputsOf(resource.inputs, state), ...markOf(news), [PROVIDER]: news[PROVIDER] },
      reasons: [printable(thrown.message)],
    });
  }
}
