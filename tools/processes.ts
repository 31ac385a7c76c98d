/**
 * Starting processes so that none is left behind, whatever becomes of the one that started them.
 *
 * - It ends by itself or fails: an exit handler kills what is still running.
 * - It is interrupted (SIGINT, SIGTERM, SIGHUP): registered clean-ups run first, in reverse order.
 * - It is killed with SIGKILL: nothing of ours runs then, so each process has a guard, a few lines of shell
 *   that wait on a pipe from us and end the process when that pipe closes.
 *
 * Processes get a process group of their own: Ctrl-C in a terminal goes to the whole foreground group and would
 * otherwise end a server before the command that still talks to it has tidied up.
 */
import { type ChildProcess, execFileSync, spawn, type StdioOptions } from "node:child_process";
import * as fs from "node:fs";
import { Socket } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { progress } from "./progress";

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface GuardedOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  stdio?: StdioOptions;
  /** What to end it with: the signal it tidies up on. Default SIGINT. */
  stopSignal?: NodeJS.Signals;
  /** Seconds from the stop signal to SIGKILL. Default 5. */
  graceSeconds?: number;
  /** Folders to remove should this process be killed before it can remove them itself. */
  folders?: string[];
  /** End it with SIGKILL when this process exits, because nothing it would tidy up is kept. Default true. */
  disposable?: boolean;
}

export interface Guarded {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  running(): boolean;
  /** To the process and everything it started in its group. */
  signal(signal: NodeJS.Signals): void;
  /** Stop signal, then SIGKILL after the grace time. Resolves when it is gone. */
  stop(): Promise<Exit>;
  /** Lets it live on when this process ends: whoever wants that ends it himself, by `pid`. */
  release(): void;
}

type CleanUp = () => Promise<void> | void;

const running = new Set<Guarded & { options: GuardedOptions }>();
const temporary = new Map<string, () => void>();
const cleanUps: CleanUp[] = [];
const HANDLED: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
let hooksInstalled = false;
let interruptedAt: number | undefined;

/**
 * The guard. Standard input is a pipe from us: "done" means that all is well, end of file that we are gone.
 * $1 process group or "-", $2 signal without SIG, $3 seconds of grace; the rest: folders to remove.
 */
const GUARD = `
group=$1; signal=$2; grace=$3; shift 3
read -r word
[ "$word" = done ] && exit 0
if [ "$group" != - ]; then
  kill -s "$signal" -- "-$group" 2>/dev/null
  left=$((grace * 10))
  while [ "$left" -gt 0 ] && kill -0 -- "-$group" 2>/dev/null; do sleep 0.1; left=$((left - 1)); done
  kill -s KILL -- "-$group" 2>/dev/null
fi
[ "$#" -gt 0 ] && rm -rf -- "$@"
exit 0
`;

/** Returns the function that calls the guard off. */
function startGuard(
  group: number | undefined,
  options: Pick<GuardedOptions, "stopSignal" | "graceSeconds" | "folders">,
): () => void {
  const signal = (options.stopSignal ?? "SIGINT").replace(/^SIG/, "");
  const guard = spawn(
    "/bin/sh",
    [
      "-c",
      GUARD,
      "guard",
      group === undefined ? "-" : String(group),
      signal,
      String(options.graceSeconds ?? 5),
      ...(options.folders ?? []),
    ],
    { stdio: ["pipe", "ignore", "ignore"], detached: true, cwd: "/" },
  );
  // A guard that cannot start or was killed only means less protection; it must not take the command down.
  guard.on("error", () => undefined);
  guard.stdin.on("error", () => undefined);
  guard.unref();
  if (guard.stdin instanceof Socket) {
    guard.stdin.unref();
  }
  return () => guard.stdin.end("done\n");
}

/** Starts a process that is ended with this one. */
export function spawnGuarded(command: string, args: string[], options: GuardedOptions = {}): Guarded {
  installHooks();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: options.stdio ?? "ignore",
    detached: true,
  });
  const callOff = child.pid === undefined ? () => undefined : startGuard(child.pid, options);
  let ended = false;
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once("error", (error) => {
      ended = true;
      running.delete(guarded);
      callOff();
      reject(error);
    });
    child.once("exit", (code, signal) => {
      ended = true;
      running.delete(guarded);
      callOff();
      resolve({ code, signal });
    });
  });
  // Whoever awaits it sees the failure; it must not count as unhandled when nobody does yet.
  exited.catch(() => undefined);

  const guarded = {
    pid: child.pid ?? -1,
    child,
    exited,
    options,
    running: () => !ended,
    signal: (signal: NodeJS.Signals) => {
      if (!ended && child.pid !== undefined) {
        signalGroup(child.pid, signal);
      }
    },
    release: () => {
      running.delete(guarded);
      callOff();
      child.unref();
    },
    stop: async () => {
      guarded.signal(options.stopSignal ?? "SIGINT");
      const timer = setTimeout(() => killTree(guarded), (options.graceSeconds ?? 5) * 1000);
      try {
        return await exited;
      } finally {
        clearTimeout(timer);
      }
    },
  };
  running.add(guarded);
  return guarded;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}

/** A folder that goes when this process ends, however it ends. */
export function temporaryFolder(prefix: string, parent = os.tmpdir()): string {
  const folder = fs.mkdtempSync(path.join(parent, prefix));
  removeAtEnd(folder);
  return folder;
}

/** A file or folder that goes when this process ends, however it ends. */
export function removeAtEnd(file: string): void {
  installHooks();
  temporary.set(file, startGuard(undefined, { folders: [file] }));
}

/** Removes what was registered above before its time. */
export function removeTemporary(file: string): void {
  fs.rmSync(file, { recursive: true, force: true, maxRetries: 3 });
  keepTemporary(file);
}

/** It was moved to where it stays: nothing to remove any more. */
export function keepTemporary(file: string): void {
  temporary.get(file)?.();
  temporary.delete(file);
}

/**
 * Runs when this process is interrupted, last registered first, before servers are stopped. Returns the function
 * that takes it back. A normal end is the caller's own business (try/finally).
 */
export function onInterrupt(cleanUp: CleanUp): () => void {
  installHooks();
  cleanUps.push(cleanUp);
  return () => {
    const index = cleanUps.indexOf(cleanUp);
    if (index >= 0) {
      cleanUps.splice(index, 1);
    }
  };
}

/** True once a signal asked this process to end: errors from then on are its consequence, not news. */
export function isInterrupted(): boolean {
  return interruptedAt !== undefined;
}

function installHooks(): void {
  if (hooksInstalled) {
    return;
  }
  hooksInstalled = true;
  process.on("exit", endEverythingNow);
  for (const signal of HANDLED) {
    process.on(signal, () => interrupt(signal));
  }
}

function interrupt(signal: NodeJS.Signals): void {
  if (interruptedAt === undefined) {
    interruptedAt = Date.now();
    progress("interrupted, stopping what was started (once more to stop at once)");
    void endEverything().finally(() => dieOf(signal));
  } else if (Date.now() - interruptedAt > 1000) {
    // Not within the first second: npm and the terminal both deliver the same Ctrl-C.
    dieOf(signal);
  }
}

/** Ends this process by the signal it got, so that the caller sees the true reason. */
function dieOf(signal: NodeJS.Signals): void {
  endEverythingNow();
  for (const handled of HANDLED) {
    process.removeAllListeners(handled);
  }
  process.kill(process.pid, signal);
}

async function endEverything(): Promise<void> {
  for (const cleanUp of [...cleanUps].reverse()) {
    try {
      await cleanUp();
    } catch (error) {
      progress(`while stopping: ${String(error)}`);
    }
  }
  await Promise.allSettled([...running].map((process) => process.stop()));
}

/** The synchronous rest: what still runs is killed, what it left is removed. */
function endEverythingNow(): void {
  for (const guarded of running) {
    if (guarded.options.disposable ?? true) {
      killTree(guarded);
      removeNow(guarded.options.folders ?? []);
    } else {
      // Its data is kept, so it may close its files; the guard kills it should it hang.
      guarded.signal(guarded.options.stopSignal ?? "SIGINT");
    }
  }
  removeNow([...temporary.keys()]);
}

/**
 * With what it started in groups of their own, as the engine does with its plugins: those end by themselves only when
 * the engine has time to tell them.
 */
function killTree(guarded: Guarded): void {
  const others = descendants(guarded.pid);
  guarded.signal("SIGKILL");
  for (const pid of others) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Was in the group, or ended by itself.
    }
  }
}

function descendants(root: number): number[] {
  const table = processTable();
  const found: number[] = [];
  for (let parents = [root]; parents.length > 0;) {
    parents = table.filter(([, parent]) => parents.includes(parent)).map(([pid]) => pid);
    found.push(...parents);
  }
  return found;
}

function processTable(): [pid: number, parent: number][] {
  try {
    const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8", timeout: 5_000 }).split(
      "\n",
    );
    return lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  } catch {
    return [];
  }
}

function removeNow(paths: string[]): void {
  for (const folder of paths) {
    try {
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
    } catch {
      // The guard tries again once this process is gone.
    }
  }
}
