/** How an object of the fake declares what it answers. */
import type { World } from "./world";

/** Whoever called: with authorization off nobody in particular. */
export interface Client {
  readonly user: string | undefined;
  /** Whether the call brought credentials at all. */
  readonly sentCredentials: boolean;
}

type Handler = (world: World, request: never, client: Client) => object | undefined;

export interface Call {
  /** The first Milvus that knows the call; older ones answer UNIMPLEMENTED. */
  readonly since?: string;
  readonly answer: Handler;
}

/** By the call's name in Milvus. */
export type Calls = Readonly<Record<string, Handler | Call>>;

export interface InDatabase {
  readonly db_name: string;
}

export interface OfCollection extends InDatabase {
  readonly collection_name: string;
}
