/** Whether these tests run on a server of the user's. */
export function isForeign(env?: NodeJS.ProcessEnv): boolean;
/** The files of a project that do not run then, by their path in tests/, and why. */
export function leftOut(project: string, env?: NodeJS.ProcessEnv): [file: string, why: string][];
