import * as pulumi from "@pulumi/pulumi";

/** Under mocks there is no stack. */
const NO_STACK = {};

/** What is known of one run of a program: an inline program may run twice in one process. */
export function perRun<T extends object>(make: () => T): () => T {
  const byRun = new WeakMap<object, T>();
  return () => {
    const run = pulumi.runtime.getStackResource() ?? NO_STACK;
    let known = byRun.get(run);
    if (!known) byRun.set(run, (known = make()));
    return known;
  };
}
