/**
 * What the other provider processes of the same run of the engine claim. The engine starts a process for each explicit
 * Provider, and a resource that moves from one to another is created by one process and deleted by the next.
 *
 * The run is told apart by the engine's own address, which the engine passes to each process that it starts: an engine
 * listens on it as long as it runs. Each process has a folder of its own below that, with one file that it appends each
 * claim to: a file for each would cost more than all the rest of a check. Claims of processes that have ended do not
 * count, so those of a preview never keep its update from a drop, and what a killed process leaves is removed by the next
 * one that starts. Without such an address, or where the file system refuses, claims are those of the one process.
 */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { log } from "../core/log";

/** As the engine passes it: `127.0.0.1:40123`. */
const ENGINE_ADDRESS = /^[\w.[\]:-]+:\d+$/;

const FOLDER = "pulumi-milvus-claims";
const FILE = "claims";
const OWNER_ONLY = 0o700;

export class SharedClaims {
  private own: { readonly folder: string; readonly file: number } | undefined;
  /** By their folders. */
  private readonly others = new Map<string, ClaimsOfOther>();
  private isOff: boolean;

  constructor(
    private readonly engine: string | undefined = engineAddress(process.argv),
    private readonly temporary = os.tmpdir(),
    private readonly process_ = process.pid,
  ) {
    this.isOff = engine === undefined;
  }

  add(claim: string): void {
    this.unlessRefused(() => fs.writeSync(this.opened().file, `+${hashOf(claim)}\n`));
  }

  delete(claim: string): void {
    this.unlessRefused(() => {
      if (this.own !== undefined) fs.writeSync(this.own.file, `-${hashOf(claim)}\n`);
    });
  }

  /** Whether another process of the run has it. */
  hasElsewhere(claim: string): boolean {
    const found = this.unlessRefused(() => {
      const own = this.opened().folder;
      const hash = hashOf(claim);
      return foldersIn(path.dirname(own)).some(
        (folder) => folder !== own && isOfLiving(folder) && this.otherIn(folder).has(hash),
      );
    });
    return found ?? false;
  }

  private otherIn(folder: string): ClaimsOfOther {
    const other = this.others.get(folder) ?? new ClaimsOfOther(path.join(folder, FILE));
    this.others.set(folder, other);
    return other;
  }

  /** Made at the first claim. */
  private opened(): { readonly folder: string; readonly file: number } {
    if (this.own !== undefined) return this.own;
    const all = path.join(this.temporary, `${FOLDER}-${os.userInfo().username}`);
    fs.mkdirSync(all, { recursive: true, mode: OWNER_ONLY });
    refuseForeign(all);
    removeLeftovers(all);
    const own = path.join(all, hashOf(`${os.hostname()} ${this.engine}`), String(this.process_));
    // A process that ended may have had the same number.
    fs.rmSync(own, { recursive: true, force: true });
    fs.mkdirSync(own, { recursive: true, mode: OWNER_ONLY });
    process.once("exit", () => {
      fs.rmSync(own, { recursive: true, force: true });
    });
    this.own = { folder: own, file: fs.openSync(path.join(own, FILE), "a", 0o600) };
    return this.own;
  }

  private unlessRefused<T>(work: () => T): T | undefined {
    if (this.isOff) return undefined;
    try {
      return work();
    } catch (error) {
      this.isOff = true;
      log(
        `warning: what this Provider declares cannot be told to the other Providers of the program: ${String(error)}. ` +
          "An object that moves from one Provider to another may be dropped: let the folder for temporary files be " +
          "writable, or run `pulumi preview` and look for deletes first",
      );
      return undefined;
    }
  }
}

/** What another process has written so far: a claim counts until it is withdrawn. */
class ClaimsOfOther {
  private readonly claims = new Set<string>();
  /** How much of the file has been read, in bytes. */
  private read = 0;

  constructor(private readonly file: string) {}

  has(hash: string): boolean {
    this.readOn();
    return this.claims.has(hash);
  }

  private readOn(): void {
    const text = textFrom(this.file, this.read);
    // A line that is being written is read with the next look.
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    this.read += Buffer.byteLength(whole);
    for (const line of whole.split("\n")) {
      if (line.startsWith("+")) this.claims.add(line.slice(1));
      else this.claims.delete(line.slice(1));
    }
  }
}

/** Nothing of a process that has made its folder and claims nothing yet. */
function textFrom(file: string, start: number): string {
  if (!fs.existsSync(file)) return "";
  const opened = fs.openSync(file, "r");
  try {
    const bytes = Buffer.alloc(fs.fstatSync(opened).size - start);
    return bytes.toString("latin1", 0, fs.readSync(opened, bytes, 0, bytes.length, start));
  } finally {
    fs.closeSync(opened);
  }
}

/** Among the arguments that the engine starts a process with. */
export function engineAddress(argv: readonly string[]): string | undefined {
  return argv.slice(2).find((argument) => ENGINE_ADDRESS.test(argument));
}

/** A name of any length and any characters, as one of a file and as a line. */
function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 40);
}

function foldersIn(folder: string): string[] {
  return fs.readdirSync(folder).map((name) => path.join(folder, name));
}

/** Anyone may make folders where temporary files are. */
function refuseForeign(folder: string): void {
  const { uid, mode } = fs.lstatSync(folder);
  if (process.getuid === undefined) return;
  if (uid !== process.getuid() || (mode & 0o077) !== 0)
    throw new Error(`${folder} belongs to another user, or is open to others`);
}

function isOfLiving(folder: string): boolean {
  try {
    process.kill(Number(path.basename(folder)), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Another process may remove the same ones at the same time. */
function removeLeftovers(all: string): void {
  for (const run of foldersIn(all)) {
    try {
      for (const folder of foldersIn(run))
        if (!isOfLiving(folder)) fs.rmSync(folder, { recursive: true, force: true });
      fs.rmdirSync(run);
    } catch {
      // Still in use, or gone already.
    }
  }
}
