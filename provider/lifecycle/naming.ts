/** Names that a program leaves out. */
import type { Properties } from "../core/properties";

type Values = Readonly<Record<string, unknown>>;

interface Named {
  readonly inputs: Properties;
  readonly nameInput?: string;
}

/**
 * A name that was left out is the one it was, or else the logical name. The engine checks a replacement twice, the second
 * time with the same inputs but without the old ones, so the run keeps the name by the inputs it was left out of.
 */
export class KeptNames {
  private readonly kept = new Map<string, unknown>();

  named({ nameInput }: Named, given: Values, olds: Values, logicalName: unknown): Values {
    if (nameInput === undefined || given[nameInput] !== undefined) return given;
    const declaration = declarationOf(given, logicalName);
    const oldName = olds[nameInput] ?? this.kept.get(declaration);
    if (oldName !== undefined) this.kept.set(declaration, oldName);
    return { ...given, [nameInput]: oldName ?? logicalName };
  }
}

/** What tells one declaration from another; nothing for one that is nested too deeply, which check refuses. */
function declarationOf(given: Values, logicalName: unknown): string {
  try {
    return JSON.stringify([given, logicalName]);
  } catch {
    return "";
  }
}
