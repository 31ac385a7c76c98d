/**
 * Makes a component: its parts are registered with the engine from here, as a program does it. Pulumi:
 * https://github.com/pulumi/pulumi/blob/master/proto/pulumi/resource.proto
 */
import { credentials, type ServiceError, status } from "@grpc/grpc-js";
import { ConstructRequest, ConstructResponse } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  type RegisterResourceResponse,
  Result,
} from "@pulumi/pulumi/proto/resource_pb";

import {
  collectionBehindAlias,
  type Given,
  type Made,
  type Parts,
  type Relations,
} from "../../components/collection-behind-alias";
import { checkInputs } from "../../core/check";
import { reasonsOf } from "../answers";
import { ResourceReference } from "./collections";
import { ANY_SIZE, IS_PREVIEW, received, toSend, type Values } from "./values";

type Inputs = Readonly<Record<string, Given | undefined>>;

/** `provider`: what serves the component, and so its parts: its URN and id, as the engine refers to it. */
export async function construct(
  request: ConstructRequest,
  provider: string | undefined,
): Promise<ConstructResponse> {
  if (request.getType() !== `milvus:index:${collectionBehindAlias.kind}`)
    throw new Error(`there is no component ${request.getType()} in this version of the Milvus provider`);
  const inputs = inputsOf(request);
  const monitor = new ResourceMonitorClient(
    request.getMonitorendpoint(),
    credentials.createInsecure(),
    ANY_SIZE,
  );
  try {
    const component = await Component.register(monitor, request, provider);
    try {
      const outputs = await collectionBehindAlias.make(request.getName(), inputs, component);
      return await component.finish(outputs);
    } catch (error) {
      if (!(error instanceof NotMade)) throw error;
      return component.without(error);
    }
  } finally {
    monitor.close();
  }
}

/** What is wrong is said before anything is registered. */
function inputsOf(request: ConstructRequest): Inputs {
  const { values, secrets } = received(request.getInputs());
  const { problems } = checkInputs(collectionBehindAlias, values, secrets);
  if (problems.length > 0) throw new Error(reasonsOf(problems).join("; "));
  const dependencies = request.getInputdependenciesMap();
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { value, isSecret: secrets.has(name), dependencies: dependencies.get(name)?.getUrnsList() ?? [] },
    ]),
  );
}

/** A part failed, or was left out because of another one, or the engine ends: the engine has told of it. */
class NotMade extends Error {
  constructor(readonly urn?: string) {
    super("a part of the component was not made");
  }
}

class Component implements Parts {
  private constructor(
    private readonly monitor: ResourceMonitorClient,
    private readonly request: ConstructRequest,
    private readonly provider: string | undefined,
    private readonly urn: string,
  ) {}

  /** With the options that the program gave it. */
  static async register(
    monitor: ResourceMonitorClient,
    request: ConstructRequest,
    provider: string | undefined,
  ): Promise<Component> {
    const own = new RegisterResourceRequest()
      .setType(request.getType())
      .setName(request.getName())
      .setParent(request.getParent())
      .setDependenciesList(request.getDependenciesList())
      .setDeletedwith(request.getDeletedwith())
      .setIgnorechangesList(request.getIgnorechangesList())
      .setReplaceonchangesList(request.getReplaceonchangesList())
      .setAliasesList(request.getAliasesList())
      .setAliasspecs(true);
    request.getProvidersMap().forEach((reference, name) => own.getProvidersMap().set(name, reference));
    const hooks = request.getResourceHooks()?.serializeBinary();
    if (hooks) own.setHooks(RegisterResourceRequest.ResourceHooksBinding.deserializeBinary(hooks));
    const response = await registered(monitor, inherited(own, request));
    return new Component(monitor, request, provider, response.getUrn());
  }

  async make(kind: string, name: string, inputs: Inputs, relations: Relations = {}): Promise<Made> {
    const { deletedWith, after = [] } = relations;
    const dependencies = dependenciesOf(inputs);
    const given = { ...inputs, [IS_PREVIEW]: { value: this.request.getDryrun() } };
    const part = new RegisterResourceRequest()
      .setType(`milvus:index:${kind}`)
      .setName(name)
      .setParent(this.urn)
      .setCustom(true)
      .setObject(structOf(given))
      .setDependenciesList([
        // What the program says of the component counts for all of it.
        ...new Set([
          ...this.request.getDependenciesList(),
          ...[...dependencies.values()].flat(),
          ...urnsOf(after),
        ]),
      ])
      .setDeletedwith(deletedWith?.urn ?? "")
      .setProvider(this.provider ?? "")
      .setAcceptsecrets(true)
      .setAcceptresources(true)
      .setSupportspartialvalues(true)
      .setSupportsresultreporting(true)
      .setAliasspecs(true);
    for (const [input, urns] of dependencies)
      part
        .getPropertydependenciesMap()
        .set(input, new RegisterResourceRequest.PropertyDependencies().setUrnsList(urns));
    return madeOf(await registered(this.monitor, inherited(part, this.request)));
  }

  /** Whatever comes from its outputs depends on what is missing, and is left out as well. */
  without({ urn }: NotMade): ConstructResponse {
    const given: Given = { value: undefined, dependencies: urn === undefined ? [] : [urn] };
    return this.response(
      Object.fromEntries(Object.keys(collectionBehindAlias.outputs).map((name) => [name, given])),
    );
  }

  async finish(outputs: Inputs): Promise<ConstructResponse> {
    const request = new RegisterResourceOutputsRequest().setUrn(this.urn).setOutputs(structOf(outputs));
    await new Promise<void>((resolve, reject) => {
      this.monitor.registerResourceOutputs(request, (error) => (error ? reject(reasonOf(error)) : resolve()));
    });
    return this.response(outputs);
  }

  private response(outputs: Inputs): ConstructResponse {
    const response = new ConstructResponse().setUrn(this.urn).setState(structOf(outputs));
    for (const [name, urns] of dependenciesOf(outputs))
      response
        .getStatedependenciesMap()
        .set(name, new ConstructResponse.PropertyDependencies().setUrnsList(urns));
    return response;
  }
}

/** Older engines leave it to SDKs: a part is protected and retained like its component. */
function inherited(one: RegisterResourceRequest, request: ConstructRequest): RegisterResourceRequest {
  const [protect, retain] = [request.getProtect(), request.getRetainondelete()];
  if (protect !== undefined) one.setProtect(protect);
  if (retain !== undefined) one.setRetainondelete(retain);
  return one;
}

function registered(
  monitor: ResourceMonitorClient,
  request: RegisterResourceRequest,
): Promise<RegisterResourceResponse> {
  return new Promise((resolve, reject) => {
    monitor.registerResource(request, (error, response) =>
      error ? reject(reasonOf(error)) : resolve(response),
    );
  });
}

function reasonOf(error: ServiceError): Error {
  return ENDING.includes(error.code) ? new NotMade() : error;
}

const ENDING: readonly status[] = [status.UNAVAILABLE, status.CANCELLED];

function madeOf(response: RegisterResourceResponse): Made {
  const urn = response.getUrn();
  if (response.getResult() !== Result.SUCCESS) throw new NotMade(urn);
  const { values, secrets } = received(response.getObject());
  const dependencies = [urn];
  const outputs = Object.entries(values).map(([name, value]) => [
    name,
    { value, isSecret: secrets.has(name), dependencies },
  ]);
  return {
    urn,
    outputs: Object.fromEntries(outputs) as Inputs,
    given: { value: new ResourceReference(urn, response.getId()), dependencies },
  };
}

function urnsOf(parts: readonly Made[]): string[] {
  return parts.map(({ urn }) => urn);
}

function structOf(inputs: Inputs) {
  const entries = Object.entries(inputs);
  const values: Values = Object.fromEntries(entries.map(([name, given]) => [name, given?.value]));
  return toSend(values, new Set(entries.filter(([, given]) => given?.isSecret).map(([name]) => name)));
}

function dependenciesOf(inputs: Inputs): Map<string, string[]> {
  return new Map(Object.entries(inputs).map(([name, given]) => [name, [...(given?.dependencies ?? [])]]));
}
