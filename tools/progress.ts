/** One short progress line on stderr, so that stdout stays free for a command's own result. */
export function progress(message: string): void {
  process.stderr.write(`pulumi-milvus: ${message}\n`);
}

/** "45 s" or "3 min 25 s". */
export function describeDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 100 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The last lines of a text: what a person reads first when a command failed. */
export function tail(text: string, lines = 40): string {
  return text.trimEnd().split("\n").slice(-lines).join("\n");
}
