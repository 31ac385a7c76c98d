/** What Milvus answers beside the values: success, or a refusal with its code, its old error_code and its reason. */

export interface Status {
  readonly error_code: string;
  readonly code: number;
  readonly reason: string;
  /** The reason as the part of Milvus gave it that refused. */
  readonly detail: string;
  /** Whether Milvus says that another try may succeed. */
  readonly retriable?: boolean;
}

export const SUCCESS: Status = { error_code: "Success", code: 0, reason: "", detail: "" };

/** Thrown by whoever refuses a call; `reply` is what stands beside the status. */
export class Refusal extends Error {
  constructor(
    readonly status: Status,
    readonly reply: object = {},
  ) {
    super(status.reason);
  }

  beside(reply: object): Refusal {
    return new Refusal(this.status, reply);
  }

  /** Some parts of Milvus 2.3 answer with another error_code than that of the code. */
  as(error_code: string): Refusal {
    return new Refusal({ ...this.status, error_code }, this.reply);
  }

  retriable(): Refusal {
    return new Refusal({ ...this.status, retriable: true }, this.reply);
  }

  /** In the way of the oldest parts of Milvus: an error_code of their own, and no detail. */
  inOldStyle(error_code: string): Refusal {
    return new Refusal({ ...this.status, error_code, detail: "" }, this.reply);
  }

  /** What passes a refusal on may say it in other words. */
  because(reason: string): Refusal {
    return new Refusal({ ...this.status, reason }, this.reply);
  }
}

/** In the words of who passes it on, detail included. */
export function inOtherWords({ status, reply }: Refusal, reason: string): Refusal {
  return new Refusal({ ...status, reason, detail: reason }, reply);
}

/** A gRPC status instead of an answer: unknown method, no credentials, no permission. */
export class GrpcFailure extends Error {
  constructor(
    readonly code: number,
    readonly details: string,
  ) {
    super(details);
  }
}

export const CODES = {
  collectionNotFound: 100,
  collectionNotLoaded: 101,
  collectionLoaded: 104,
  partitionNotFound: 200,
  partitionNotLoaded: 201,
  resourceGroupNotFound: 300,
  replicaNotFound: 400,
  indexNotFound: 700,
  indexDuplicate: 702,
  databaseNotFound: 800,
  databaseInvalidName: 802,
  resourceGroupAlreadyExists: 301,
  resourceGroupIllegalConfig: 303,
  resourceGroupNodesNotEnough: 304,
  serviceResourceInsufficient: 12,
  invalidParameter: 1100,
  missingParameter: 1101,
  notAuthenticated: 1400,
  privilegeNotPermitted: 1401,
  fieldInvalidName: 1701,
  aliasNotFound: 1600,
  aliasCollectionConflict: 1601,
  aliasAlreadyExists: 1602,
  unexpected: 65535,
} as const;

/** The error_code that Milvus gives a code for old clients: pkg/util/merr/utils.go, oldCode. */
const OLD_CODES: Readonly<Record<number, string>> = {
  [CODES.collectionNotFound]: "CollectionNotExists",
  [CODES.partitionNotFound]: "MetaFailed",
  [CODES.replicaNotFound]: "MetaFailed",
  [CODES.indexNotFound]: "IndexNotExist",
  [CODES.invalidParameter]: "IllegalArgument",
  [CODES.missingParameter]: "IllegalArgument",
};

export function refusal(code: number, reason: string): Refusal {
  return new Refusal({ error_code: OLD_CODES[code] ?? "UnexpectedError", code, reason, detail: reason });
}

/** The code that Milvus gives whatever has none of its own. */
export function unexpected(reason: string): Refusal {
  return refusal(CODES.unexpected, reason);
}

/**
 * What had no code of its own is an invalid parameter from 2.6 on, whatever it is: measured on 2.6.19 and 3.0.0
 * (pkg/util/merr: most of the proxy and of the coordinators wrap ErrParameterInvalid there).
 */
export function asInvalid({ status, reply }: Refusal): Refusal {
  const { reason, detail } = status;
  const named = invalid(reason.replace(/: invalid parameter$/, "")).beside(reply);
  return detail === reason || detail === "" ? named : named.because(named.status.reason);
}

export function invalid(message: string): Refusal {
  return refusal(CODES.invalidParameter, `${message}: invalid parameter`);
}
