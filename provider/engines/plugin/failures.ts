/** How a call fails. Pulumi: sdk/go/common/util/rpcutil/rpcerror. */
import { Metadata, status } from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import type * as protocol from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";

import { printable } from "../../core/printable";

export type Answer<Response> = (error: Failure | null, response: Response | null) => void;

export interface Failure {
  readonly code: status;
  readonly details: string;
  readonly metadata?: Metadata;
}

/** What was made all the same. */
export class InitFailed extends Error {
  constructor(
    message: string,
    readonly detail: protocol.ErrorResourceInitFailed,
  ) {
    super(message);
  }
}

/** As the engine takes them: what was made all the same is in a field of its own, in the form of Google's APIs. */
export function failure(error: unknown): Failure {
  const details = printable(error instanceof Error ? error.message : String(error));
  if (!(error instanceof InitFailed)) return { code: status.UNKNOWN, details };
  const packed = new Any();
  packed.pack(error.detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const all = new Status().setCode(status.UNKNOWN).setMessage(details);
  all.addDetails(packed);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(all.serializeBinary()));
  return { code: status.UNKNOWN, details, metadata };
}
