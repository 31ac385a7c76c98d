/** Why this package does not run on that version of Node (`v18.20.8`); undefined where `engines` of package.json has it. */
export function whyNot(range: string, version: string): string | undefined;
/** Ends the process with one line on standard error where it runs on such a Node. */
export function demandNode(range: string, who: string): void;
