/**
 * Lets any Pulumi engine call a resource: the provider protocol over the definitions that ship with @pulumi/pulumi, and
 * nothing else of it. Pulumi: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto
 */
import { type handleUnaryCall, Server, ServerCredentials } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as protocol from "@pulumi/pulumi/proto/provider_pb";

import type { Problem } from "../core/check";
import { printable } from "../core/printable";
import type { Properties } from "../core/properties";
import { Unfinished } from "../core/resource";
import { normalizeProperties } from "../core/shapes";
import { UNKNOWN } from "../core/unknown";
import { ConfiguredProvider } from "../lifecycle/configured";
import { LifeCycle } from "../lifecycle/life-cycle";
import { SharedClaims } from "../lifecycle/shared-claims";
import { type AnyResource, resourceOf } from "../registry";
import { collectionKey, goesWithCollection } from "../resources/in-collection/decided";
import { Run } from "../run";
import { listed, outputsOf, reasonsOf } from "./answers";
import { DECLARED_AS, HOOK_PROVIDER } from "./dynamic";
import { lookUp } from "./lookups";
import { CollectionsOfProgram, ResourceReference, withoutNames } from "./plugin/collections";
import { Configuration } from "./plugin/configuration";
import { asDiff } from "./plugin/diff";
import { type Answer, failure, InitFailed } from "./plugin/failures";
import { EngineLogs } from "./plugin/logs";
import { inputsOf } from "./plugin/imported";
import { nameIn } from "./plugin/urns";
import { ANY_SIZE, IS_PREVIEW, type Received, received, toSend, type Values } from "./plugin/values";

/** A call about one resource. */
interface OfResource {
  getUrn(): string;
}

type Operation = "create" | "update" | "delete";

/** A resource of a call, and its life. */
interface Called {
  readonly resource: AnyResource;
  readonly life: LifeCycle<object, object>;
}

export interface PluginOptions {
  readonly version: string;
  /** Where the engine listens: `127.0.0.1:40123`. */
  readonly engine?: string;
  /** What stack config has under `milvus:`; nothing where no engine has started the process. */
  readonly stackConfig?: Values;
  readonly schema: () => string;
}

export interface Served {
  /** Of this machine alone. */
  readonly port: number;
  readonly stop: () => void;
}

/** One configured provider: the engine has a process for each. */
export class Plugin {
  private readonly logs: EngineLogs;
  private readonly run: Run;
  private readonly provider: ConfiguredProvider;
  private readonly lives = new Map<string, Called>();
  private readonly collections = new CollectionsOfProgram();
  /** The URNs of what was read without being in a state, as for an import. */
  private readonly imported = new Set<string>();
  private readonly configuration: Configuration;

  constructor(private readonly options: PluginOptions) {
    this.logs = new EngineLogs(options.engine);
    this.run = new Run(new SharedClaims(options.engine));
    this.configuration = new Configuration(options.version, options.stackConfig);
    this.provider = new ConfiguredProvider((name) => this.configuration.setting(name), this.run);
  }

  async serve(): Promise<Served> {
    const server = new Server(ANY_SIZE);
    server.addService(ResourceProviderService, this.service());
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    return { port, stop: () => server.forceShutdown() };
  }

  private service() {
    const { logs } = this;
    /** A call that is about a resource, or about the provider. */
    const call =
      <Request, Response>(work: (request: Request) => Response | Promise<Response>) =>
      ({ request }: Parameters<handleUnaryCall<Request, Response>>[0], done: Answer<Response>): void => {
        const urn = (request as Partial<OfResource>).getUrn?.() ?? "";
        logs
          .of(urn, async () => work(request))
          .then(
            (response) => done(null, response),
            (error: unknown) => done(failure(error), null),
          );
      };
    return {
      handshake: call(() => {
        const response = new protocol.ProviderHandshakeResponse();
        response.setAcceptSecrets(true);
        response.setAcceptResources(true);
        return response;
      }),
      getSchema: call(() => new protocol.GetSchemaResponse().setSchema(this.options.schema())),
      getPluginInfo: call(() => new PluginInfo().setVersion(this.options.version)),
      checkConfig: call((request: protocol.CheckRequest) => this.configuration.check(request)),
      diffConfig: call((request: protocol.DiffRequest) => this.configuration.diff(request)),
      configure: call((request: protocol.ConfigureRequest) => this.configure(request)),
      invoke: call((request: protocol.InvokeRequest) => this.invoke(request)),
      check: call((request: protocol.CheckRequest) => this.check(request)),
      diff: call((request: protocol.DiffRequest) => this.diff(request)),
      create: call((request: protocol.CreateRequest) => this.create(request)),
      read: call((request: protocol.ReadRequest) => this.read(request)),
      update: call((request: protocol.UpdateRequest) => this.update(request)),
      delete: call((request: protocol.DeleteRequest) => this.delete(request)),
      construct: call((request: protocol.ConstructRequest) => this.construct(request)),
      cancel: call(() => {
        this.run.isCancelled = true;
        return new Empty();
      }),
      attach: call(() => new Empty()),
    };
  }

  private configure(request: protocol.ConfigureRequest): protocol.ConfigureResponse {
    this.configuration.configure(request);
    const response = new protocol.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setAcceptresources(true);
    response.setSupportspreview(true);
    return response;
  }

  private async invoke(request: protocol.InvokeRequest): Promise<protocol.InvokeResponse> {
    const { values } = received(request.getArgs());
    const name = request.getTok().split(":").at(-1) ?? "";
    const found = await lookUp(name, this.collections.lookedUp(values), (setting) =>
      this.configuration.setting(setting),
    );
    return new protocol.InvokeResponse().setReturn(toSend(asObject(found), NO_SECRETS));
  }

  private check(request: protocol.CheckRequest): protocol.CheckResponse {
    const { resource, life } = this.called(request);
    const { inputs: declared } = resource;
    const { isPreview, ...told } = withoutMoment(received(request.getNews()));
    const { mark, ...news } = withoutMark(told);
    const olds = withoutMark(received(request.getOlds()));
    const { inputs, problems } = life.check({
      given: this.collections.named(declared, news.values),
      olds: this.collections.named(declared, olds.values),
      logicalName: nameIn(request.getUrn()),
      isPreview,
      declaration: request.getUrn(),
      secrets: new Set([...news.secrets].map((name) => (name === "collection" ? "collectionName" : name))),
    });
    if (resource.kind === "Collection") this.collections.declared(request.getUrn(), inputs);
    const { collection } = news.values;
    const kept = { ...listed(declared, withoutNames(declared, inputs)), collection, ...mark };
    const response = new protocol.CheckResponse().setInputs(toSend(kept, secretsOf(declared, news)));
    for (const reason of reasonsOf(this.mistakes(request.getUrn(), resource, news.values, problems)))
      response.addFailures(new protocol.CheckFailure().setReason(reason));
    return response;
  }

  /** The engine checks what was read for an import as well, and what no server gives back is missing in that. */
  private mistakes(
    urn: string,
    { inputs }: AnyResource,
    given: Values,
    problems: readonly Problem[],
  ): readonly Problem[] {
    if (!this.imported.has(urn)) return problems;
    const unread = problems.filter(
      ({ property }) => inputs[property]?.secret && given[property] === undefined,
    );
    for (const { property } of unread)
      this.run.lines.once(
        `no server gives back the ${property}: write it into the printed code, which has an empty one`,
      );
    return problems.filter((problem) => !unread.includes(problem));
  }

  private async diff(request: protocol.DiffRequest): Promise<protocol.DiffResponse> {
    const { resource, life } = this.called(request);
    const olds = received(request.getOlds());
    const news = withoutMark(received(request.getNews()));
    const old = this.recorded(resource, olds.values);
    const losesCollection = isAskedWithoutIts(request, news.values);
    // Whatever else was decided of the collection, an option of the program replaces it: `replaceOnChanges`.
    if (losesCollection && !goesWithCollection(this.run, old)) this.run.decisions.forget(collectionKey(old));
    const plan = await life.diff(
      old,
      { ...this.wanted(resource, news.values), ...(losesCollection && { databaseName: UNKNOWN }) },
      new Set([...olds.secrets, ...news.secrets]),
    );
    if (resource.kind === "Collection")
      this.collections.decided(request.getUrn(), plan.kind === "replace" ? UNKNOWN : old["collectionId"]);
    return asDiff(resource.inputs, plan, old, news.values);
  }

  private async create(request: protocol.CreateRequest): Promise<protocol.CreateResponse> {
    const { resource, life } = this.called(request);
    const { mark, ...news } = withoutMark(received(request.getProperties()));
    const wanted = this.wanted(resource, news.values, ["create", request.getTimeout()]);
    const response = new protocol.CreateResponse();
    this.run.isUp = !request.getPreview();
    if (request.getPreview()) {
      await life.tellStanding(wanted);
      return response.setProperties(this.outputs(resource, { ...notKnown(resource), ...wanted }, news));
    }
    return this.keepingUnfinished(resource, news, mark, async () => {
      const { id, state } = await life.create(wanted);
      if (resource.kind === "Collection") this.collections.found(request.getUrn(), state as Values);
      return response.setId(id).setProperties(this.outputs(resource, state as Values, news));
    });
  }

  private async read(request: protocol.ReadRequest): Promise<protocol.ReadResponse> {
    const { resource, life } = this.called(request);
    const known = received(request.getProperties());
    const { mark, ...before } = withoutMark(received(request.getInputs()));
    const state = await life.read(request.getId(), this.recorded(resource, known.values), known.secrets);
    const response = new protocol.ReadResponse();
    if (!state) return response;
    if (Object.keys(before.values).length === 0) this.imported.add(request.getUrn());
    if (resource.kind === "Collection") this.collections.found(request.getUrn(), state as Values);
    const inputs = listed(resource.inputs, inputsOf(resource, state as Values, before.values));
    return response
      .setId(request.getId())
      .setProperties(this.outputs(resource, state as Values, known))
      .setInputs(toSend({ ...inputs, ...mark }, secretsOf(resource.inputs, before)));
  }

  private async update(request: protocol.UpdateRequest): Promise<protocol.UpdateResponse> {
    const { resource, life } = this.called(request);
    const { mark, ...news } = withoutMark(received(request.getNews()));
    const old = this.recorded(resource, received(request.getOlds()).values);
    const wanted = this.wanted(resource, news.values, ["update", request.getTimeout()]);
    const response = new protocol.UpdateResponse();
    this.run.isUp = !request.getPreview();
    if (request.getPreview())
      return response.setProperties(this.outputs(resource, { ...old, ...wanted }, news));
    return this.keepingUnfinished(
      resource,
      news,
      mark,
      async () => {
        const state = (await life.update(old, wanted)) as Values;
        return response.setProperties(this.outputs(resource, state, news));
      },
      request.getId(),
    );
  }

  private async delete(request: protocol.DeleteRequest): Promise<Empty> {
    const { resource, life } = this.called(request);
    this.run.isUp = true;
    const { values } = received(request.getProperties());
    const { [DECLARED_AS]: declaredAs } = values;
    const recorded = withTime(this.recorded(resource, values), ["delete", request.getTimeout()]);
    await life.delete(recorded, typeof declaredAs === "string" ? declaredAs : nameIn(request.getUrn()));
    return new Empty();
  }

  private async construct(request: protocol.ConstructRequest): Promise<protocol.ConstructResponse> {
    // Most programs have no component.
    const { construct } = await import("./plugin/construct.js");
    return construct(request, this.configuration.provider);
  }

  private called(request: OfResource): Called {
    const type = request.getUrn().split("::")[2]?.split("$").at(-1) ?? "";
    const known = this.lives.get(type);
    if (known) return known;
    const resource = resourceOf(type.split(":").at(-1) ?? "");
    if (!resource) throw new Error(`there is no resource ${type} in this version of the Milvus provider`);
    const called = { resource, life: new LifeCycle(resource, this.provider) };
    this.lives.set(type, called);
    return called;
  }

  /** What the program wants, in the form that resources keep it in. */
  private wanted({ inputs }: AnyResource, values: Values, time?: readonly [Operation, number]): Values {
    return withTime(normalizeProperties(inputs, this.collections.named(inputs, values)), time);
  }

  private recorded({ inputs }: AnyResource, { [DECLARED_AS]: _, ...values }: Values): Values {
    return normalizeProperties(inputs, values);
  }

  private outputs({ inputs }: AnyResource, state: Values, given: Received) {
    return toSend(listed(inputs, outputsOf(inputs, state)), secretsOf(inputs, given));
  }

  /** A resource that exists but is not finished is kept in the state, with the reason. */
  private async keepingUnfinished<T>(
    resource: AnyResource,
    news: Received,
    mark: Values,
    work: () => Promise<T>,
    id?: string,
  ): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      if (!(thrown instanceof Unfinished)) throw thrown;
      const state = thrown.state as Values;
      const detail = new protocol.ErrorResourceInitFailed();
      detail.setId(id ?? resource.id(state));
      detail.setProperties(this.outputs(resource, state, news));
      detail.setInputs(toSend({ ...news.values, ...mark }, secretsOf(resource.inputs, news)));
      detail.setReasonsList([printable(thrown.message)]);
      throw new InitFailed(thrown.message, detail);
    }
  }
}

/**
 * Before the engine drops a collection for its successor it asks of what is given it what has to go before, with everything
 * unknown that comes from it.
 */
function isAskedWithoutIts(request: protocol.DiffRequest, { collection }: Values): boolean {
  // Most are not: what was given before is read for those alone.
  return (
    collection === UNKNOWN &&
    received(request.getOldInputs()).values["collection"] instanceof ResourceReference
  );
}

/**
 * SDKs say whether a program runs for a preview or for an `up`, which the engine tells of no diff. No state keeps it. Of
 * programs whose SDK does not say it the first change tells.
 */
function withoutMoment({ values, secrets }: Received): Received & { readonly isPreview?: boolean } {
  const { [IS_PREVIEW]: isPreview, ...own } = values;
  return { values: own, secrets, ...(typeof isPreview === "boolean" && { isPreview }) };
}

/** What a program in Node keeps beside the inputs for its delete hook is none of the resource's own. */
function withoutMark({ values, secrets }: Received): Received & { readonly mark: Values } {
  const { [HOOK_PROVIDER]: hooked, ...own } = values;
  return { values: own, secrets, mark: hooked === undefined ? {} : { [HOOK_PROVIDER]: hooked } };
}

/** What a look-up answers with is an object in every schema. */
function asObject(found: unknown): Values {
  return typeof found === "object" ? (found as Values) : { result: found };
}

const NO_SECRETS: ReadonlySet<string> = new Set();

function secretsOf(inputs: Properties, { secrets }: Received): ReadonlySet<string> {
  const declared = Object.entries(inputs).filter(([, { secret }]) => secret);
  return new Set([...secrets, ...declared.map(([name]) => name)]);
}

/** At a preview, what the server will say. */
function notKnown({ inputs, outputs }: AnyResource): Values {
  const chosen = Object.entries(inputs).filter(
    ([, { serverChooses, inputOnly }]) => serverChooses && !inputOnly,
  );
  return Object.fromEntries(
    [...chosen.map(([name]) => name), ...Object.keys(outputs)].map((name) => [name, UNKNOWN]),
  );
}

/** The option customTimeouts of a resource, which goes before its input `timeouts`. */
function withTime(values: Values, time: readonly [Operation, number] | undefined): Values {
  if (time === undefined || time[1] <= 0) return values;
  const [operation, seconds] = time;
  return { ...values, timeouts: { ...(values["timeouts"] as Values), [operation]: Math.ceil(seconds) } };
}
