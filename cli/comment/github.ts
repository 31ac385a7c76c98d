import { thousands } from "../../provider/core/thousands";
import { carries, type Comments, loaded } from "./comments";
import type { GitHubPlace } from "./place";

/** For all that is asked; a job must not hang on a comment. */
const SECONDS = 120;
const LIMIT = 65_536;

export async function gitHubComments(place: GitHubPlace): Promise<Comments> {
  const { Octokit } = await loaded("@octokit/rest", () => import("@octokit/rest"));
  const octokit = new Octokit({
    auth: place.token,
    baseUrl: place.apiUrl,
    userAgent: "pulumi-milvus",
    request: { signal: AbortSignal.timeout(SECONDS * 1_000) },
    // It logs each failure, which is reported here once and with what to do.
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
  const { issues } = octokit.rest;
  const { owner, repo } = place;
  return {
    async find(marker) {
      const list = { owner, repo, issue_number: place.number, per_page: 100 };
      for await (const { data } of octokit.paginate.iterator(issues.listComments, list)) {
        const found = data.find(({ body }) => carries(body, marker));
        if (found) return found.id;
      }
      return undefined;
    },
    async create(body) {
      const { data } = await issues.createComment({ owner, repo, issue_number: place.number, body });
      return data.html_url;
    },
    async update(id, body) {
      const { data } = await issues.updateComment({ owner, repo, comment_id: id, body });
      return data.html_url;
    },
    advice: (error, body) => advice(error as RequestError, place, body),
  };
}

/** As far as it is used here. */
interface RequestError extends Error {
  readonly status?: number;
  readonly response?: { readonly headers: Readonly<Record<string, string | number | undefined>> };
}

function advice(
  { status, message, response }: RequestError,
  place: GitHubPlace,
  body: string,
): string | undefined {
  const headers = response?.headers ?? {};
  switch (status ?? 0) {
    case 401:
      return `GITHUB_TOKEN was refused: it is expired, or of another server than ${place.apiUrl}.`;
    case 403:
    case 429:
      if (status === 429 || String(headers["x-ratelimit-remaining"]) === "0" || headers["retry-after"])
        return `The rate limit of this token is used up: run the job again ${whenAllowed(headers)}.`;
      return (
        "The token may not comment: give the job `permissions: { contents: read, pull-requests: write }`. For a " +
        "pull request from a fork, GitHub hands out a token that may only read."
      );
    case 404:
      return `Is there a pull request ${place.number} in ${place.owner}/${place.repo}, and may the token see it?`;
    case 422:
      return /too long/i.test(message)
        ? `The report has ${thousands(body.length)} characters and GitHub takes ` +
            `${thousands(LIMIT)}: \`pulumi-milvus preview --markdown\` writes reports that fit.`
        : undefined;
    default:
      return undefined;
  }
}

function whenAllowed(headers: Readonly<Record<string, string | number | undefined>>): string {
  if (headers["retry-after"]) return `in ${headers["retry-after"]} seconds`;
  const reset = Number(headers["x-ratelimit-reset"]);
  return reset > 0 ? `after ${new Date(reset * 1_000).toISOString()}` : "later";
}

function silent(): void {}
