/**
 * The examples of a resource, as descriptions in a schema have them. Pulumi:
 * https://www.pulumi.com/docs/iac/build-with-pulumi/schema/
 */
import type { Example } from "../../core/example";
import { inGo } from "./examples/go";
import { inPython } from "./examples/python";
import { inTypeScript } from "./examples/typescript";
import { inYaml } from "./examples/yaml";

/** By what generators of SDKs call each language. */
export const PRINTERS: Readonly<Record<string, (example: Example) => string>> = {
  typescript: (example) => inTypeScript(example),
  python: inPython,
  go: inGo,
  yaml: inYaml,
};

/** A generator leaves in the text of an SDK what is of its language. */
export function withExample(doc: string, example: Example): string {
  const blocks = Object.entries(PRINTERS).map(
    ([language, print]) => `\`\`\`${language}\n${print(example)}\n\`\`\``,
  );
  return [
    doc,
    "",
    "{{% examples %}}",
    "## Example Usage",
    "",
    "{{% example %}}",
    "",
    blocks.join("\n"),
    "{{% /example %}}",
    "{{% /examples %}}",
  ].join("\n");
}
