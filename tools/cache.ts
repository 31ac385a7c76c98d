/**
 * The folder outside the clone where built and unpacked tools live, and a lock so that several processes that need
 * the same entry make it once. An entry is complete or not there: it is made in a temporary folder beside its place
 * and renamed into it.
 */
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { keepTemporary, removeTemporary, temporaryFolder } from "./processes";
import { progress, sleep } from "./progress";

/** A lock's owner touches it this often; untouched for `STALE_AFTER` it belongs to nobody. */
const HEARTBEAT = 2_000;
const STALE_AFTER = 30_000;

export function cacheFolder(): string {
  const fromEnvironment = process.env["XDG_CACHE_HOME"];
  if (fromEnvironment !== undefined && path.isAbsolute(fromEnvironment)) {
    return path.join(fromEnvironment, "pulumi-milvus");
  }
  return process.platform === "darwin"
    ? path.join(os.homedir(), "Library", "Caches", "pulumi-milvus")
    : path.join(os.homedir(), ".cache", "pulumi-milvus");
}

/** A short text that changes when one of the parts does; for entry names. */
export function shortHash(...parts: (string | Buffer)[]): string {
  const hash = crypto.createHash("sha256");
  for (const part of parts) {
    hash.update(String(part.length)).update(":").update(part);
  }
  return hash.digest("hex").slice(0, 12);
}

export function cachedEntry(name: string): string | undefined {
  const entry = path.join(cacheFolder(), name);
  return fs.existsSync(entry) ? entry : undefined;
}

/** The entry's folder; `make` fills a new one when it is not there yet. */
export async function ensureEntry(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const entry = path.join(cacheFolder(), name);
  if (fs.existsSync(entry)) {
    return entry;
  }
  fs.mkdirSync(cacheFolder(), { recursive: true });
  const unlock = await lock(`${entry}.lock`, () => fs.existsSync(entry));
  try {
    if (!fs.existsSync(entry)) {
      removeLeftovers(name);
      await makeAndMove(entry, make);
    }
    return entry;
  } finally {
    unlock();
  }
}

async function makeAndMove(entry: string, make: (folder: string) => Promise<void>): Promise<void> {
  const folder = temporaryFolder(`${path.basename(entry)}.tmp-`, path.dirname(entry));
  try {
    await make(folder);
    fs.chmodSync(folder, 0o755);
    moveIntoPlace(folder, entry);
    keepTemporary(folder);
  } catch (error) {
    removeTemporary(folder);
    throw error;
  }
}

function moveIntoPlace(folder: string, entry: string): void {
  try {
    fs.renameSync(folder, entry);
  } catch (error) {
    // Another process was first after all (a lock on a stopped machine can be taken over): its entry is as good.
    if (!fs.existsSync(entry)) {
      throw error;
    }
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** What a builder left that was killed; called with the lock held, so nobody is working in them. */
function removeLeftovers(name: string): void {
  for (const leftover of fs.readdirSync(cacheFolder())) {
    if (leftover.startsWith(`${name}.tmp-`)) {
      fs.rmSync(path.join(cacheFolder(), leftover), { recursive: true, force: true });
    }
  }
}

interface Owner {
  pid: number;
  host: string;
  token: string;
}

/** Waits for the lock, or until `noLongerNeeded`. Returns the function that gives it back. */
async function lock(file: string, noLongerNeeded: () => boolean): Promise<() => void> {
  const owner: Owner = { pid: process.pid, host: os.hostname(), token: crypto.randomUUID() };
  let told = false;
  while (!noLongerNeeded()) {
    if (tryLock(file, owner)) {
      return holdLock(file, owner);
    }
    const other = readOwner(file);
    if (other !== undefined && isAbandoned(file, other)) {
      takeAway(file, other);
      continue;
    }
    if (!told && other !== undefined) {
      told = true;
      progress(`waiting for process ${other.pid}, which is making ${path.basename(file, ".lock")}`);
    }
    await sleep(300);
  }
  return () => undefined;
}

/** Written first and linked into place then, so that nobody ever reads a lock without its owner. */
function tryLock(file: string, owner: Owner): boolean {
  const draft = `${file}.${owner.token}`;
  fs.writeFileSync(draft, JSON.stringify(owner));
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw error;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

function holdLock(file: string, owner: Owner): () => void {
  const heartbeat = setInterval(() => {
    try {
      const now = new Date();
      fs.utimesSync(file, now, now);
    } catch {
      // Taken away from us; the rename into place decides who wins.
    }
  }, HEARTBEAT);
  heartbeat.unref();
  return () => {
    clearInterval(heartbeat);
    if (readOwner(file)?.token === owner.token) {
      fs.rmSync(file, { force: true });
    }
  };
}

function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as Owner;
  } catch {
    return undefined;
  }
}

function isAbandoned(file: string, owner: Owner): boolean {
  if (owner.host === os.hostname() && !isAlive(owner.pid)) {
    return true;
  }
  try {
    return Date.now() - fs.statSync(file).mtimeMs > STALE_AFTER;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Only the lock that was judged: somebody else may have replaced it in between. */
function takeAway(file: string, judged: Owner): void {
  const aside = `${file}.${crypto.randomUUID()}`;
  try {
    fs.renameSync(file, aside);
  } catch {
    return;
  }
  if (readOwner(aside)?.token !== judged.token) {
    try {
      fs.linkSync(aside, file);
    } catch {
      // A third one holds it by now.
    }
  }
  fs.rmSync(aside, { force: true });
}
