/** What says the version of this package, and whether all of it says the same. */

/** The text of a file by its path in the repository. */
export type Read = (path: string) => string;

/** In the commands of a page: of the packed npm package, the plugin, its file, and the tag in git. */
const NAMED =
  /(?:resource milvus |pulumi-resource-milvus-v|pulumi-milvus-|pulumi-milvus@v)(\d[\w.-]*?)(?= |\.tar\.gz|\.tgz)/g;

/** Each place with the version in it, as a group of each match. The bundle of the plugin takes that of package.json. */
const PLACES: readonly (readonly [path: string, places: RegExp])[] = [
  ["package-lock.json", /^(?: {2}|\s+"name": "pulumi-milvus",\n {6})"version": "(.+)",$/gm],
  ["sdk/schema.json", /^ {2}"version": "(.+)",$/gm],
  ["sdk/python/pyproject.toml", /^ {2}version = "(.+)"$/gm],
  ["sdk/python/pulumi_milvus/pulumi-plugin.json", /"version": "(.+)"/g],
  ["sdk/go/milvus/pulumi-plugin.json", /"version": "(.+)"/g],
  ["sdk/go/milvus/internal/pulumiUtilities.go", /semver\.MustParse\("(.+)"\)/g],
  ["README.md", NAMED],
  ["templates/milvus-typescript/package.json", NAMED],
  ["docs/getting-started.md", NAMED],
  ["docs/languages.md", NAMED],
  ["docs/ci.md", /pulumi-milvus@v(\S+)/g],
];

/** Of users, who read them where a release is to be had. */
const PUBLIC_PAGES = ["README.md", "docs/getting-started.md", "docs/languages.md"];

export function versionIn(read: Read): string {
  return (JSON.parse(read("package.json")) as { version: string }).version;
}

/** Where another version stands than in package.json, and what CHANGELOG.md does not say of it. */
export function disagreements(read: Read): string[] {
  const version = versionIn(read);
  return [
    ...PLACES.flatMap(([path, places]) => {
      const found = [...read(path).matchAll(places)].map(([, said = ""]) => said);
      if (found.length === 0) return [`${path} names no version`];
      const others = new Set(found.filter((said) => said !== version));
      return [...others].map((other) => `${path} names ${other}, and package.json ${version}`);
    }),
    ...(sectionOf(read("CHANGELOG.md"), version) === undefined
      ? [`CHANGELOG.md has no heading "## ${version}"`]
      : []),
  ];
}

/** What keeps this state of the repository from being released under that tag. */
export function obstacles(read: Read, tag: string): string[] {
  const version = versionIn(read);
  const changelog = read("CHANGELOG.md");
  const section = sectionOf(changelog, version);
  return [
    ...(tag === `v${version}` ? [] : [`the tag is ${tag}, and package.json has ${version}`]),
    ...(section && section.date === undefined
      ? [`CHANGELOG.md: "## ${version}" is to be "## ${version} (YEAR-MONTH-DAY)"`]
      : []),
    ...(sectionOf(changelog, "Unreleased")?.text
      ? [`CHANGELOG.md: what stands below "## Unreleased" belongs below "## ${version}"`]
      : []),
    ...PUBLIC_PAGES.filter((path) => /nothing is published|until it is published/i.test(read(path))).map(
      (path) => `${path} says that nothing is published`,
    ),
  ];
}

/** The part of CHANGELOG.md that is about a version. */
export function notesOf(changelog: string, version: string): string {
  return sectionOf(changelog, version)?.text ?? "";
}

interface Section {
  readonly text: string;
  readonly date?: string;
}

function sectionOf(changelog: string, title: string): Section | undefined {
  for (const part of changelog.split(/^## /m).slice(1)) {
    const [heading = "", ...lines] = part.split("\n");
    const [, name, date] = /^(\S+)(?: \((\d{4}-\d\d-\d\d)\))?$/.exec(heading) ?? [];
    if (name === title) return { text: lines.join("\n").trim(), date };
  }
  return undefined;
}
