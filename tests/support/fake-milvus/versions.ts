/** Which Milvus the fake is. Rules that came with a version ask for it where they stand. */

export type Version = readonly [major: number, minor: number, patch: number];

/** "2.6" is 2.6.0. */
export function versionOf(text: string): Version {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new Error(`"${text}" is no version of Milvus`);
  return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

export function isFrom(version: Version, since: string): boolean {
  const first = versionOf(since);
  const at = [0, 1, 2].find((place) => version[place] !== first[place]);
  return at === undefined || (version[at] ?? 0) > (first[at] ?? 0);
}

/** As GetVersion says it; the 2.3.5 that tests run beside the fake calls itself lite. */
export function reported(version: Version): string {
  const text = `v${version.join(".")}`;
  return text === "v2.3.5" ? "v2.3.5-lite" : text;
}
