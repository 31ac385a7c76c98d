/** The settings of a provider: what the engine sends, and what stack config says of data now. */
import { isDeepStrictEqual } from "node:util";

import * as protocol from "@pulumi/pulumi/proto/provider_pb";

import { log } from "../../core/log";
import { printable } from "../../core/printable";
import { UNKNOWN } from "../../core/unknown";
import {
  environmentOf,
  isPolicy,
  policySetting,
  readSettings,
  refuseUnknownArguments,
  refuseUnknownKeys,
} from "../../milvus/settings";
import { isOfStackConfig } from "./provider-inputs";
import { nameIn } from "./urns";
import { received, toSend, type Values } from "./values";

/** Which version of the plugin a program asks for, its SDK's own: of the engine, and no setting. */
const VERSION = "version";
/** Sent by the SDK for Node of an address that comes out of a resource of the program. */
const MADE_BY_STACK = "madeByStack";
/** Kept of a Provider of the program that is called as the engine calls its own: a run without the program sees it there. */
const EXPLICIT = "explicit";

export class Configuration {
  private config: Values = {};
  /** As the engine refers to it in a state; an old engine does not say. */
  provider: string | undefined;

  /**
   * `version`: the plugin's. `stackConfig`: what it has under `milvus:`; nothing where no engine has started the process.
   */
  constructor(
    private readonly version: string,
    private readonly stackConfig: Values | undefined,
  ) {}

  setting(name: string): unknown {
    const { [name]: own, [EXPLICIT]: explicit } = this.config;
    const { stackConfig } = this;
    if (name === "policyIsCurrent") return String(stackConfig !== undefined);
    if (!stackConfig || !isPolicy(name)) return textOf(own);
    return textOf(policySetting(own, stackConfig[name], explicit === "true"));
  }

  check(request: protocol.CheckRequest): protocol.CheckResponse {
    const { values, secrets } = received(request.getNews());
    const { [VERSION]: wanted, [MADE_BY_STACK]: _, [EXPLICIT]: __, ...settings } = values;
    this.tellOtherVersion(wanted);
    const urn = request.getUrn();
    const isExplicit = !isCalledDefault(urn) || !this.isStackConfig(settings);
    const mark = isExplicit && isCalledDefault(urn) ? { [EXPLICIT]: "true" } : {};
    const response = new protocol.CheckResponse().setInputs(toSend({ ...values, ...mark }, secrets));
    try {
      refuseUnknownKeys(namespaced(isExplicit ? this.stackConfig : settings), urn.split("::")[1] ?? "");
      if (isExplicit) refuseUnknownArguments(Object.keys(settings), nameIn(urn));
      if (!Object.values(settings).includes(UNKNOWN)) {
        const configured = asConfig({ ...settings, ...mark }, urn);
        readSettings((name) => textOf(configured[name]), environmentOf());
      }
    } catch (error) {
      response.addFailures(new protocol.CheckFailure().setReason(printable((error as Error).message)));
    }
    return response;
  }

  /** An engine that is told where the plugin is takes it, whichever it is. */
  private tellOtherVersion(wanted: unknown): void {
    if (typeof wanted !== "string" || wanted === UNKNOWN || wanted === this.version) return;
    log(
      `warning: the program, or its SDK, asks for version ${wanted} of the plugin, and the engine has started ${this.version}, ` +
        "from PATH or from the path in Pulumi.yaml: what is new in one of them the other one does not know",
    );
  }

  /** As the engine sends it to its own provider; a Provider that is given the very same is none the worse. */
  private isStackConfig(settings: Values): boolean {
    const { stackConfig } = this;
    if (!stackConfig) return true;
    const names = new Set([...Object.keys(settings), ...Object.keys(stackConfig)]);
    return [...names].every((name) => isDeepStrictEqual(valueOf(settings[name]), valueOf(stackConfig[name])));
  }

  diff(request: protocol.DiffRequest): protocol.DiffResponse {
    const old = this.withPolicy(received(request.getOldInputs() ?? request.getOlds()).values);
    const wanted = this.withPolicy(received(request.getNews()).values);
    const names = [...new Set([...Object.keys(old), ...Object.keys(wanted)])];
    const changed = names.filter((name) => JSON.stringify(old[name]) !== JSON.stringify(wanted[name]));
    const { DIFF_NONE, DIFF_SOME } = protocol.DiffResponse.DiffChanges;
    // A server that moves keeps what stands on it.
    return new protocol.DiffResponse()
      .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
      .setDiffsList(changed);
  }

  /** A Provider of dynamic resources has the policy of stack config among its own settings, and says the same. */
  private withPolicy(settings: Values): Values {
    const policy = Object.entries(this.stackConfig ?? {}).filter(([name]) => isPolicy(name));
    return { ...Object.fromEntries(policy), ...settings };
  }

  configure(request: protocol.ConfigureRequest): void {
    const urn = request.getUrn() ?? "";
    this.config = asConfig(received(request.getArgs()).values, urn);
    // Not known yet where it is made in the same run.
    if (urn !== "") this.provider = `${urn}::${request.getId() || UNKNOWN}`;
  }
}

function isCalledDefault(urn: string): boolean {
  return isOfStackConfig(nameIn(urn));
}

function asConfig(settings: Values, urn: string): Values {
  return { [EXPLICIT]: String(!isCalledDefault(urn)), ...settings };
}

function namespaced(stackConfig: Values = {}): string[] {
  return Object.keys(stackConfig).map((name) => `milvus:${name}`);
}

/** Of the same value the engine may have written another text. */
function valueOf(setting: unknown): unknown {
  const text = textOf(setting);
  try {
    return JSON.parse(String(text)) as unknown;
  } catch {
    return text;
  }
}

function textOf(value: unknown): unknown {
  return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
}
