/**
 * What can go wrong between this provider and Milvus, in two kinds that callers tell apart: the server says that
 * the object does not exist, and everything else. Only the first ever means that an object is gone.
 */
import { proxyBefore } from "./proxy";

export interface Failure {
  /** The call as Milvus names it, such as `DropPartition`. */
  readonly operation: string;
  /** What it was about: `partition y2023 of collection default/documents`. */
  readonly object: string;
  readonly address: string;
  /** The server's own words. */
  readonly reason: string;
  /** Milvus's error code, or `grpc N` for a failure below it. */
  readonly code: number | `grpc ${number}` | undefined;
  /** The operation's time was up, and nothing was heard that says why. */
  readonly saysNothing?: boolean;
}

export class MilvusError extends Error {
  override readonly name: string = "MilvusError";
  constructor(
    readonly failure: Failure,
    advice?: string,
  ) {
    const code = failure.code === undefined ? "" : ` (code ${failure.code})`;
    super(
      `${failure.operation} of ${failure.object} failed on Milvus at ${failure.address}: ` +
        `${failure.reason}${code}${advice ? `. ${advice}` : ""}`,
    );
  }
}

export class NotFoundError extends MilvusError {
  override readonly name = "NotFoundError";
}

/** The server has to be newer, or another product, for what was asked. */
export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";
}

/** The user may not do it: gRPC 7. */
export function isDenied(error: unknown): boolean {
  return error instanceof MilvusError && error.failure.code === "grpc 7";
}

/** Nobody answered: the time ran out, or nobody is there. Whoever is refused was answered. */
export function isSilence(error: unknown): error is MilvusError {
  if (!(error instanceof MilvusError)) return false;
  const { code } = error.failure;
  return code === undefined || code === "grpc 4" || code === "grpc 14";
}

/**
 * The operation's time was up before the server answered. Whoever has waited for something knows better what that was than
 * the last of its calls, which had next to no time.
 */
export function ranOutOfTime(error: unknown): boolean {
  return error instanceof MilvusError && error.failure.saysNothing === true;
}

/** The value, or nothing when the server says that the object does not exist. */
export async function orNothing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** Success, and nothing in it that could be what was asked for: no reason to take an object for gone. */
export function emptyAnswer(operation: string, object: string, address: string): MilvusError {
  return new MilvusError(
    { operation, object, address, reason: "the answer says success and holds nothing", code: undefined },
    unreachableAdvice(address),
  );
}

export const NO_ANSWER = "no answer in the operation's time";

/** Nothing was heard of the server, so it is not known which of the things in between is wrong. */
export function unreachableAdvice(address: string): string {
  const proxy = proxyBefore(address, process.env);
  return (
    "Check that the address is right and the server runs; nothing was taken for missing. Refresh and destroy use the " +
    "address that the state recorded: after it moved run `pulumi up` first, or pass --run-program" +
    (proxy === undefined
      ? ""
      : `. The connection goes through the HTTP proxy ${proxy.address}, which the environment variable ` +
        `${proxy.variable} names: check it as well, or add the server's host to no_proxy`)
  );
}

export function noAnswer(operation: string, object: string, address: string): () => MilvusError {
  return () =>
    new MilvusError(
      { operation, object, address, reason: NO_ANSWER, code: undefined, saysNothing: true },
      unreachableAdvice(address),
    );
}
