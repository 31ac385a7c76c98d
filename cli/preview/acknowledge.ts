/** How data is lost on purpose: commands to copy, also where the ids are too many for one line. */
import type { Report } from "./report";

/** More are no line that anybody reads. */
export const FEW_IDS = 10;
const CONFIG_SET = "pulumi config set milvus:acknowledgedDataLoss";
const FILE = "acknowledged.json";

export function commandFor(ids: readonly string[], stack: string | undefined): string {
  return `${CONFIG_SET} '${JSON.stringify(ids)}'${ofStack(stack)}`;
}

/** `written`: the file that has the ids already. */
export function commandsWithFile({ stack }: Pick<Report, "stack">, written?: string): string[] {
  const file = written ?? FILE;
  const write = `npx pulumi-milvus preview${ofStack(stack)} --acknowledge-file ${file}`;
  const set = `${CONFIG_SET}${ofStack(stack)} < ${/^[\w./-]+$/.test(file) ? file : `'${file}'`}`;
  return written === undefined ? [write, set] : [set];
}

function ofStack(stack: string | undefined): string {
  return stack === undefined ? "" : ` --stack ${stack}`;
}
