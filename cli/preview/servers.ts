/** The servers behind a stack's resources, each reached with the settings of the resource's own provider. */
import { Run } from "../../provider/run";
import { Milvus } from "../../provider/milvus/gateway";
import { readSettings, type Settings } from "../../provider/milvus/settings";

type Inputs = Readonly<Record<string, unknown>>;

export class Servers {
  private readonly connected = new Map<string | undefined, Milvus>();

  constructor(
    private readonly providers: ReadonlyMap<string, Inputs>,
    private readonly config: Inputs,
  ) {}

  /** Throws when the settings are wrong or missing. */
  of(provider: string | undefined): Milvus {
    let milvus = this.connected.get(provider);
    if (!milvus)
      this.connected.set(
        provider,
        (milvus = Milvus.at(this.settingsOf(provider), new Run()).within(SECONDS)),
      );
    return milvus;
  }

  async close(): Promise<void> {
    await Promise.all([...this.connected.values()].map((milvus) => milvus.close()));
  }

  /** Those of the provider's own policy. Nothing where its settings cannot be read: the server is not asked then. */
  acknowledgedOf(provider: string | undefined): readonly string[] {
    try {
      return this.settingsOf(provider).acknowledgedDataLoss;
    } catch {
      return [];
    }
  }

  /** An explicit provider counts alone; the default one is today's config over what the state recorded. */
  private settingsOf(provider: string | undefined): Settings {
    const recorded = (provider === undefined ? undefined : this.providers.get(provider)) ?? {};
    const inputs = recorded["milvus:explicit"] === "true" ? recorded : { ...recorded, ...this.config };
    return readSettings(
      (name) => inputs[`milvus:${name}`],
      (name) => process.env[name],
    );
  }
}

/** For all that a report asks of one server. */
const SECONDS = 120;
