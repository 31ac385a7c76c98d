/** What Pulumi's outputs know of themselves. */
import * as pulumi from "@pulumi/pulumi";

/** Part of every output, and left out of Pulumi's public type. */
interface Knowable<T> {
  readonly isKnown: Promise<boolean>;
  promise(withUnknowns: boolean): Promise<T>;
}

export function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as unknown as Knowable<unknown>).isKnown;
}

/** Never comes when the output is unknown. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply((value) => resolve(value)));
}

/**
 * The value alone, where another input says already what it depends on: the engine keeps the whole URN for each in the
 * state, a tenth of a partition's.
 */
export async function withoutDependency<T>(output: pulumi.Output<T>): Promise<T> {
  const value = (output as unknown as Knowable<T>).promise(true);
  const [known, plain, secret] = await Promise.all([isKnown(output), value, pulumi.isSecret(output)]);
  const sent = known ? plain : (pulumi.runtime.unknownValue as T);
  // Pulumi waits for an output that a promise gives.
  return secret ? (pulumi.secret(sent) as T) : sent;
}
