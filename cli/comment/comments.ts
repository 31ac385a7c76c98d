/** What is asked of a host of pull requests. */
export interface Comments {
  /** The id of the first comment that begins with the marker; a comment that quotes it is somebody else's. */
  find(marker: string): Promise<number | undefined>;
  /** Both return where the comment can be read. */
  create(body: string): Promise<string>;
  update(id: number, body: string): Promise<string>;
  /** What to do about an error, where that is known. */
  advice(error: unknown, body: string): string | undefined;
}

export function carries(body: string | null | undefined, marker: string): boolean {
  return body?.trimStart().startsWith(marker) ?? false;
}

/** The client libraries are optional peers: over 20 MB that only this command needs. */
export async function loaded<T>(library: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith(`Cannot find package '${library}'`))
      throw error;
    throw new Error(
      `${library} is not installed, which \`pulumi-milvus comment\` needs here. Run \`npm install --save-dev ${library}\`.`,
    );
  }
}
