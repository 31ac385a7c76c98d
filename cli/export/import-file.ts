/** Writes the file for `pulumi import --file`. Pure. Pulumi: https://www.pulumi.com/docs/iac/guides/migration/import/ */
import { type Exported, identifier, nameOf, Names, RESERVED } from "./names";
import { inOrder } from "./order";

/** An explicit Provider that the stack has already. */
export interface ProviderOfStack {
  /** Its variable in the program. */
  readonly name: string;
  readonly urn: string;
}

export function importFileOf(exported: readonly Exported[], provider?: ProviderOfStack): string {
  const names = new Names(RESERVED);
  if (provider) names.take(provider.name);
  const entries = inOrder(exported).map(({ resource, state }) => ({
    type: `milvus:index:${resource.kind}`,
    // The variable in the printed code as well, so that no two resources have the same, whatever their kinds.
    name: names.take(identifier(nameOf(resource, state))),
    id: resource.id(state),
    ...(provider && { provider: provider.name }),
  }));
  const nameTable = provider && { nameTable: { [provider.name]: provider.urn } };
  return `${JSON.stringify({ ...nameTable, resources: entries }, undefined, 2)}\n`;
}

/** `NAME=URN`, as `pulumi import --provider` takes it. */
export function parseProvider(text: string): ProviderOfStack {
  const [, name, urn] = /^([^=]+)=(urn:pulumi:.+::pulumi:providers:milvus::.+)$/.exec(text) ?? [];
  if (name === undefined || urn === undefined)
    throw new Error(
      `--provider ${text}: must be NAME=URN, with the variable of a Provider of pulumi-milvus/plugin and its URN, which ` +
        "`pulumi stack --show-urns` shows",
    );
  return { name, urn };
}
