/** The servers behind a stack's resources, each reached with the settings of the resource's own provider. */
import type { Policy } from "../../provider/lifecycle/assessment";
import { Milvus } from "../../provider/milvus/gateway";
import { Run } from "../../provider/run";
import { environmentOf, readSettings, type Settings } from "../../provider/milvus/settings";

type Inputs = Readonly<Record<string, unknown>>;

export class Servers {
  private readonly connected = new Map<string | undefined, Milvus>();

  /** `providers`: the inputs with which the next `pulumi up` configures each, by `urn::id`. */
  constructor(
    private readonly providers: ReadonlyMap<string, Inputs>,
    /** For what has no provider in the state yet. */
    private readonly config: Inputs,
  ) {}

  /** Throws when the settings are wrong or missing. One report takes one look: whatever is asked twice is read once. */
  of(provider: string | undefined): Milvus {
    let milvus = this.connected.get(provider);
    if (!milvus) {
      milvus = Milvus.at(this.settingsOf(provider), new Run())
        .within(SECONDS)
        .withAnswersOf(SECONDS * 1000);
      this.connected.set(provider, milvus);
    }
    return milvus;
  }

  async close(): Promise<void> {
    await Promise.all([...this.connected.values()].map((milvus) => milvus.close()));
  }

  /** Throws like `of`. */
  policyOf(provider: string | undefined): Policy {
    return this.settingsOf(provider);
  }

  /** Nothing where the settings cannot be read: the server is not asked then. */
  acknowledgedOf(provider: string | undefined): readonly string[] {
    try {
      return this.settingsOf(provider).acknowledgedDataLoss;
    } catch {
      return [];
    }
  }

  private settingsOf(provider: string | undefined): Settings {
    const inputs = (provider === undefined ? undefined : this.providers.get(provider)) ?? this.config;
    return readSettings((name) => inputs[`milvus:${name}`], environmentOf());
  }
}

/** For all that a report asks of one server. */
const SECONDS = 120;
