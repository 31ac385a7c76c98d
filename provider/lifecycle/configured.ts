/** A provider as an engine configured it: which server, what is protected, and what the run knows. */
import type { Problem } from "../core/check";
import { Milvus } from "../milvus/gateway";
import { environmentOf, type Lookup, MissingAddress, readSettings, type Settings } from "../milvus/settings";
import type { Run } from "../run";

export class ConfiguredProvider {
  private known: Settings | undefined;
  private connected: Milvus | undefined;

  constructor(
    private readonly configured: Lookup,
    readonly run: Run,
  ) {}

  /** Throws when they are wrong or missing. */
  get settings(): Settings {
    return (this.known ??= readSettings(this.configured, environmentOf()));
  }

  /** Connects at the first call. */
  get milvus(): Milvus {
    return (this.connected ??= Milvus.at(this.settings, this.run));
  }

  /** Without settings check has refused the resource, or the address is not known yet. */
  get hasSettings(): boolean {
    try {
      return this.settings !== undefined;
    } catch {
      return false;
    }
  }

  /** Whether a resource of the stack makes the server: it may be starting. Told by the SDK's Provider. */
  get isMadeByStack(): boolean {
    return this.configured("madeByStack") === "true";
  }

  /** The server's address, where settings are known. */
  get server(): string | undefined {
    return this.hasSettings ? this.settings.address : undefined;
  }

  /** What is wrong with the settings for good. */
  get problems(): readonly Problem[] {
    try {
      return this.settings && [];
    } catch (error) {
      return error instanceof MissingAddress ? [] : [{ property: "", reason: (error as Error).message }];
    }
  }
}
