/** Where to comment, as the environment of a CI job says it. */
import { readFileSync } from "node:fs";

export interface GitHubPlace {
  readonly host: "GitHub";
  readonly apiUrl: string;
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
  readonly token: string;
}

export interface GitLabPlace {
  readonly host: "GitLab";
  readonly apiUrl: string;
  readonly project: string;
  readonly number: number;
  readonly token: string;
}

export type Place = GitHubPlace | GitLabPlace;

type Environment = Readonly<Record<string, string | undefined>>;

export function placeFrom(env: Environment, pullRequest: string | undefined): Place {
  const onGitLab = set(env, "GITLAB_CI") !== undefined || set(env, "CI_API_V4_URL") !== undefined;
  return onGitLab ? gitLab(env, pullRequest) : gitHub(env, pullRequest);
}

function gitHub(env: Environment, pullRequest: string | undefined): GitHubPlace {
  const number = pullRequest ?? numberOfEvent(set(env, "GITHUB_EVENT_PATH"));
  const repository = set(env, "GITHUB_REPOSITORY");
  const token = set(env, "GITHUB_TOKEN");
  if (number === undefined || repository === undefined || token === undefined)
    throw missing(
      {
        "GITHUB_TOKEN (in a workflow: ${{ github.token }})": token,
        "GITHUB_REPOSITORY (OWNER/NAME)": repository,
        "--pull-request N (this is not a run for a pull request: GITHUB_EVENT_PATH names none)": number,
      },
      "to comment on GitHub (not a GitLab job either: CI_API_V4_URL is not set)",
    );
  const [owner = "", repo = "", ...rest] = repository.split("/");
  if (owner === "" || repo === "" || rest.length > 0)
    throw new Error(`GITHUB_REPOSITORY is "${repository}", which is not OWNER/NAME`);
  const apiUrl = withoutSlash(set(env, "GITHUB_API_URL") ?? "https://api.github.com");
  return { host: "GitHub", apiUrl, owner, repo, number: asNumber(number), token };
}

function gitLab(env: Environment, mergeRequest: string | undefined): GitLabPlace {
  const number = mergeRequest ?? set(env, "CI_MERGE_REQUEST_IID");
  const apiUrl = set(env, "CI_API_V4_URL");
  const project = set(env, "CI_PROJECT_ID");
  const token = set(env, "GITLAB_TOKEN");
  if (number === undefined || apiUrl === undefined || project === undefined || token === undefined)
    throw missing(
      {
        "GITLAB_TOKEN (an access token with scope api; GitLab's CI_JOB_TOKEN may not comment)": token,
        CI_API_V4_URL: apiUrl,
        CI_PROJECT_ID: project,
        "CI_MERGE_REQUEST_IID (set in merge request pipelines alone) or --pull-request N": number,
      },
      "to comment on GitLab",
    );
  return { host: "GitLab", apiUrl: withoutSlash(apiUrl), project, number: asNumber(number), token };
}

/** An empty variable is one that is not set: CI systems make them of secrets that do not exist. */
function set(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === "" ? undefined : value;
}

function missing(values: Readonly<Record<string, string | undefined>>, purpose: string): Error {
  const names = Object.keys(values).filter((name) => values[name] === undefined);
  return new Error(`missing ${purpose}:\n${names.map((name) => `  ${name}`).join("\n")}`);
}

function numberOfEvent(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    const event = JSON.parse(readFileSync(file, "utf8")) as { pull_request?: { number?: number } };
    return event.pull_request?.number?.toString();
  } catch (error) {
    throw new Error(`GITHUB_EVENT_PATH cannot be read: ${(error as Error).message}`);
  }
}

function asNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`"${text}" is not the number of a pull request`);
  return Number(text);
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
