import type { Caller } from "./caller";

export class Databases {
  constructor(private readonly caller: Caller) {}

  async list(): Promise<string[]> {
    const reply = await this.caller.call({
      operation: "ListDatabases",
      object: "the server",
      run: (client, timeout) => client.listDatabases({ timeout }),
    });
    return reply.db_names;
  }
}
