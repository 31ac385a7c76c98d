/** Ctrl-C while an `up` waits. */
import type { OperationResult, Workspace } from "../../../tools/stack";
import type { GrpcProxy } from "../../support/grpc-proxy";

/** What the engine and its plugins take to end once nothing is waited for, with room to spare; in milliseconds. */
export const AT_ONCE = 10_000;

/** An `up` that is interrupted at that call, and how long it went on after that, in milliseconds. */
export async function interrupted(
  stack: Workspace,
  proxy: GrpcProxy,
  call: string,
): Promise<{ result: OperationResult; lasted: number }> {
  const ctrlC = new AbortController();
  let at = 0;
  proxy.before = ({ method, nth }) => {
    if (method === call && nth === 3) {
      at = Date.now();
      ctrlC.abort();
    }
    return undefined;
  };
  const result = await stack.up({ expectFailure: true, abort: ctrlC.signal });
  proxy.pass();
  expect(at).toBeGreaterThan(0);
  return { result, lasted: Date.now() - at };
}
