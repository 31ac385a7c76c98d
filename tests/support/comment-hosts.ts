/** Servers that behave like the comment APIs of GitHub and GitLab, as far as `pulumi-milvus comment` asks them. */
import * as http from "node:http";
import type { AddressInfo } from "node:net";

export interface HostComment {
  readonly id: number;
  readonly author: string;
  body: string;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export const TOKEN = "secret-token-1234567890";

export abstract class Host {
  comments: HostComment[] = [];
  /** `GET /path?page=2`, in order. */
  asked: string[] = [];
  /** Given instead of what was asked for. */
  refuse?: (method: string) => Answer | undefined;
  private readonly server = http.createServer((request, response) => void this.serve(request, response));
  private nextId = 1_000;

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  reset(): void {
    [this.comments, this.asked, this.refuse] = [[], [], undefined];
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  add(author: string, body: string): HostComment {
    const comment = { id: this.nextId++, author, body };
    this.comments.push(comment);
    return comment;
  }

  protected abstract answer(asked: Asked): Answer;

  /** One page, and the Link header that leads to the next. */
  protected page(url: URL, asJson: (comment: HostComment) => unknown): Answer {
    const size = Math.min(Number(url.searchParams.get("per_page") ?? 30), 100);
    const page = Number(url.searchParams.get("page") ?? 1);
    const last = Math.max(1, Math.ceil(this.comments.length / size));
    const link = (to: number, rel: string): string => {
      const target = new URL(url);
      target.searchParams.set("page", String(to));
      return `<${target.href}>; rel="${rel}"`;
    };
    return {
      status: 200,
      headers: page < last ? { link: `${link(page + 1, "next")}, ${link(last, "last")}` } : {},
      body: this.comments.slice((page - 1) * size, page * size).map(asJson),
    };
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const url = new URL(request.url ?? "/", this.origin);
    const { method = "GET", headers } = request;
    this.asked.push(`${method} ${url.pathname}${url.search}`);
    const asked = { method, url, headers, body: Buffer.concat(parts).toString() };
    const { status, headers: more, body } = this.refuse?.(method) ?? this.answer(asked);
    response.writeHead(status, { "content-type": "application/json", ...more }).end(JSON.stringify(body));
  }
}

const DOCUMENTATION = "https://docs.github.com/rest";

/** GitHub Enterprise, since its API is under a path. */
export class GitHub extends Host {
  get apiUrl(): string {
    return `${this.origin}/api/v3`;
  }

  protected answer({ method, url, headers, body }: Asked): Answer {
    if (headers.authorization !== `token ${TOKEN}`)
      return { status: 401, body: { message: "Bad credentials", documentation_url: DOCUMENTATION } };
    const text = body === "" ? "" : (JSON.parse(body) as { body: string }).body;
    if (text.length > 65_536)
      return {
        status: 422,
        body: {
          message: "Validation Failed",
          errors: [
            {
              resource: "IssueComment",
              code: "unprocessable",
              field: "data",
              message: "Body is too long (maximum is 65536 characters)",
            },
          ],
          documentation_url: DOCUMENTATION,
        },
      };
    const ofIssue = "/api/v3/repos/acme/search/issues/7/comments";
    const id = /^\/api\/v3\/repos\/acme\/search\/issues\/comments\/(\d+)$/.exec(url.pathname)?.[1];
    const known = this.comments.find((comment) => String(comment.id) === id);
    if (method === "GET" && url.pathname === ofIssue) return this.page(url, asGitHub);
    if (method === "POST" && url.pathname === ofIssue)
      return { status: 201, body: asGitHub(this.add("ci", text)) };
    if (method === "PATCH" && known) {
      known.body = text;
      return { status: 200, body: asGitHub(known) };
    }
    return { status: 404, body: { message: "Not Found", documentation_url: DOCUMENTATION } };
  }
}

function asGitHub({ id, author, body }: HostComment): unknown {
  return {
    id,
    body,
    user: { login: author },
    html_url: `https://example.com/acme/search/pull/7#issuecomment-${id}`,
  };
}

/** Under a path, as an installation may be. */
export class GitLab extends Host {
  get apiUrl(): string {
    return `${this.origin}/gitlab/api/v4`;
  }

  protected answer({ method, url, headers, body }: Asked): Answer {
    if (headers["private-token"] !== TOKEN) return { status: 401, body: { message: "401 Unauthorized" } };
    const text = body === "" ? "" : (JSON.parse(body) as { body: string }).body;
    const notes = "/gitlab/api/v4/projects/42/merge_requests/7/notes";
    const known = this.comments.find(({ id }) => url.pathname === `${notes}/${id}`);
    if (method === "GET" && url.pathname === notes) return this.page(url, asGitLab);
    if (method === "POST" && url.pathname === notes)
      return { status: 201, body: asGitLab(this.add("ci", text)) };
    if (method === "PUT" && known) {
      known.body = text;
      return { status: 200, body: asGitLab(known) };
    }
    return { status: 404, body: { message: "404 Not found" } };
  }
}

function asGitLab({ id, author, body }: HostComment): unknown {
  return { id, body, author: { username: author }, system: false, noteable_iid: 7 };
}
