import * as pulumi from "@pulumi/pulumi";

void pulumi.runtime.setMocks({
  newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
  call: () => ({ result: true }),
});

/** What an output becomes. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => void output.apply((value) => resolve(value)));
}
