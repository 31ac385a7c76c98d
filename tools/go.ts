/** Building what comes from the Go module registry, with the Go that is there. */
import * as fs from "node:fs";
import * as path from "node:path";
import { findOnPath, runOrFail, runProgram } from "./programs";
import { describeDuration, messageOf, progress } from "./progress";

export interface GoBuild {
  /** As messages name it. */
  readonly name: string;
  /** About how long it takes the first time: "a minute". */
  readonly takes: string;
  /** The folder of go.mod, which pins all versions. */
  readonly module: string;
  readonly packages: readonly string[];
  /** A file, or a folder for several packages. */
  readonly output: string;
  readonly linkerFlags: string;
  /** Completes the error where there is no Go: "or install it yourself". */
  readonly otherwise: string;
}

export async function buildWithGo(build: GoBuild): Promise<void> {
  const { name, takes, module, packages, output, linkerFlags, otherwise } = build;
  const go = findGo(`there is no ${name}, and no Go to build it with: install Go >= 1.25 ${otherwise}`);
  const started = Date.now();
  progress(`building ${name} from the Go module registry (${takes}, once)`);
  const stillBuilding = setInterval(
    () => progress(`still building ${name}, ${describeDuration(Date.now() - started)}`),
    60_000,
  );
  try {
    await runGo(go, module, ["build", ...TAGS, "-ldflags", linkerFlags, "-o", output, ...packages]);
  } catch (error) {
    throw new Error(
      `${name} could not be built: ${messageOf(error)}\n` +
        `Needed are Go >= 1.25 and the Go module registry (GOPROXY), ${otherwise}`,
    );
  } finally {
    clearInterval(stillBuilding);
  }
  progress(`${name} is in the cache after ${describeDuration(Date.now() - started)}`);
}

const TAGS = ["-tags", "grpcnotrace,osusergo"];

/** Throws with what the compiler says of the packages of a module, and where gofmt would write another text. */
export async function compileWithGo(module: string): Promise<void> {
  const go = findGo("there is no Go to compile with: install Go >= 1.25");
  // Compiles them, and links none.
  await runGo(go, module, ["list", ...TAGS, "-export", "./..."]);
  const { output } = await runProgram(path.join(path.dirname(fs.realpathSync(go)), "gofmt"), ["-d", "."], {
    cwd: module,
  });
  if (output !== "") throw new Error(`gofmt writes it otherwise:\n${output}`);
}

function findGo(otherwise: string): string {
  const go = findOnPath("go");
  if (go === undefined) throw new Error(otherwise);
  return go;
}

/** The flags a user may have set are for his own programs; -mod=readonly holds us to the pinned versions. */
function runGo(go: string, module: string, args: readonly string[]): Promise<void> {
  const env = { ...process.env, GOFLAGS: "-mod=readonly", GOWORK: "off", CGO_ENABLED: "0" };
  return runOrFail(go, args, { cwd: module, env });
}
