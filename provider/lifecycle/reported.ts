/**
 * The preview behind a report of the command line tool, which says itself what `pulumi up` would refuse. A refusal would
 * end that preview before all of it is known.
 */
const VARIABLE = "PULUMI_MILVUS_REPORT";

export function isReported(): boolean {
  return process.env[VARIABLE] === "true";
}

/** The environment for such a preview. */
export function reported(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { ...environment, [VARIABLE]: "true" };
}
