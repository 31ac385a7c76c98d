/**
 * A host of git repositories that answers for a name of the internet, for programs that go through `env`: the proxy
 * leads them to this machine for that name, and to no other by it.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";

import { runProgram } from "../../../tools/programs";
import { Certificates } from "./certificates";

export class GitHost {
  private readonly certificates = new Certificates();
  private server: https.Server | undefined;
  private proxy: http.Server | undefined;
  private authority = "";

  /** `folder`: with the repositories, bare ones, as `OWNER/NAME.git`. */
  constructor(
    private readonly name: string,
    private readonly folder: string,
  ) {}

  async start(): Promise<void> {
    const ours = await this.certificates.authority("git");
    const { certificate, key } = await this.certificates.signedBy(ours, "host", { names: [this.name] });
    this.authority = ours.certificate;
    this.server = https.createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (...call) =>
      this.answer(...call),
    );
    const port = await listening(this.server);
    this.proxy = http.createServer();
    this.proxy.on("connect", ({ url }, socket) => {
      if (url !== `${this.name}:443`) return socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      const upstream = net.connect(port, "127.0.0.1");
      for (const [one, other] of [
        [socket, upstream],
        [upstream, socket],
      ] as const)
        one.on("error", () => other.destroy()).pipe(other);
      return undefined;
    });
    await listening(this.proxy);
  }

  /** npm's own registry stays where it is. */
  async env(): Promise<Record<string, string>> {
    const { output } = await runProgram("npm", ["config", "get", "registry"]);
    const registry = new URL(output.trim());
    const { port } = this.proxy?.address() as net.AddressInfo;
    return {
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      NO_PROXY: `127.0.0.1,localhost,${registry.hostname}`,
      SSL_CERT_FILE: this.authority,
    };
  }

  stop(): void {
    this.server?.close();
    this.proxy?.close();
    this.certificates.remove();
  }

  /** By git's own CGI program. */
  private answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { pathname, search } = new URL(request.url ?? "/", `https://${this.name}`);
    const { headers, method } = request;
    const git = spawn("git", ["http-backend"], {
      env: {
        ...process.env,
        GIT_PROJECT_ROOT: this.folder,
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        REQUEST_METHOD: method,
        CONTENT_TYPE: headers["content-type"] ?? "",
        HTTP_CONTENT_ENCODING: headers["content-encoding"] ?? "",
        HTTP_GIT_PROTOCOL: String(headers["git-protocol"] ?? ""),
      },
    });
    request.pipe(git.stdin);
    const parts: Buffer[] = [];
    git.stdout.on("data", (part: Buffer) => parts.push(part));
    git.once("close", () => {
      const answer = Buffer.concat(parts);
      const end = answer.indexOf("\r\n\r\n");
      for (const line of answer.subarray(0, end).toString().split("\r\n")) {
        const [name = "", value = ""] = line.split(/: ?(.*)/s);
        if (name === "Status") response.statusCode = Number.parseInt(value, 10);
        else response.setHeader(name, value);
      }
      response.end(answer.subarray(end + 4));
    });
  }
}

function listening(server: net.Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as net.AddressInfo).port));
  });
}
