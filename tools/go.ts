/** Building what comes from the Go module registry, with the Go that is there. */
import { findOnPath, runOrFail } from "./programs";
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
  const go = findOnPath("go");
  if (go === undefined) {
    throw new Error(`there is no ${name}, and no Go to build it with: install Go >= 1.25 ${otherwise}`);
  }
  const started = Date.now();
  progress(`building ${name} from the Go module registry (${takes}, once)`);
  const stillBuilding = setInterval(
    () => progress(`still building ${name}, ${describeDuration(Date.now() - started)}`),
    60_000,
  );
  try {
    await runOrFail(
      go,
      ["build", "-tags", "grpcnotrace,osusergo", "-ldflags", linkerFlags, "-o", output, ...packages],
      // The flags a user may have set are for his own programs; -mod=readonly holds us to the pinned versions.
      { cwd: module, env: { ...process.env, GOFLAGS: "-mod=readonly", GOWORK: "off", CGO_ENABLED: "0" } },
    );
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
