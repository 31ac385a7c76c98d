/**
 * Two resources that shift names in one run: what is renamed must not be taken over, under its old name, by the create
 * of another one. The engine runs both at the same time, so whichever comes second is refused.
 */
export class Renames {
  private readonly renamed = new Map<string, string>();
  private readonly created = new Map<string, string>();

  /** By the server's own id; servers that give none say nothing here. Names are as messages describe the objects. */
  decided(serverId: string, newName: string): void {
    this.renamed.set(serverId, newName);
  }

  madeOrTakenOver(serverId: string, name: string): void {
    this.created.set(serverId, name);
  }

  /** What this run makes of the object that a create has taken over. */
  newNameOf(serverId: string): string | undefined {
    return this.renamed.get(serverId);
  }

  /** The resource that has taken over the object in this run. */
  takerOf(serverId: string): string | undefined {
    return this.created.get(serverId);
  }
}
