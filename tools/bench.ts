/**
 * `npm run bench`: how fast this package is, as ratios of what was measured in turn in one run on a real engine and a
 * real Milvus of its own. `--json` prints one object of figures and nothing else on stdout; further arguments choose
 * figures by a part of their names. Fails when a counted figure misses its goal, never for a timing.
 */
import { Arena } from "./bench/contenders";
import { type Figure, type FigureName, FIGURES, isMet, type Measured } from "./bench/figures";
import { Samples } from "./bench/measure";
import { PARTS } from "./bench/parts";
import { ensureEngine } from "./engine";
import { describeDuration, progress } from "./progress";
import { startMilvus } from "./servers";

async function measure(wanted: readonly string[], samples: Samples): Promise<Measured> {
  const parts = PARTS.filter(
    ({ gives }) => wanted.length === 0 || gives.some((name) => wanted.some((part) => name.includes(part))),
  );
  await ensureEngine();
  const server = await startMilvus();
  const arena = new Arena(server);
  let measured: Measured = {};
  try {
    for (const { gives, run } of parts) {
      progress(`measuring ${gives.join(", ")}`);
      const found = await run(arena, samples);
      for (const [name, value] of Object.entries(found)) progress(`${name}: ${value.toFixed(2)}`);
      measured = { ...measured, ...found };
    }
  } finally {
    await arena.close();
    await server.stop();
  }
  return measured;
}

function print(measured: Measured, samples: Samples): void {
  console.log("Medians in milliseconds, where nothing else is said (least to most):\n");
  for (const line of samples.lines()) console.log(`  ${line}`);
  const found = FIGURES.filter(({ name }) => measured[name] !== undefined);
  const width = Math.max(...found.map(({ name }) => name.length));
  console.log(`\n${"figure".padEnd(width)}  measured    goal`);
  for (const figure of found) {
    const value = measured[figure.name] ?? NaN;
    console.log(
      `${figure.name.padEnd(width)}  ${value.toFixed(2).padStart(8)}  ${figure.goal.toFixed(2).padStart(6)}  ` +
        `${isMet(figure, value) ? "met   " : "MISSED"}  ${figure.what}`,
    );
  }
}

async function main(args: readonly string[]): Promise<void> {
  // `npm run bench --json` keeps the option to itself, and says so in the environment.
  const json = args.includes("--json") || process.env["npm_config_json"] === "true";
  const started = Date.now();
  const samples = new Samples();
  const measured = await measure(
    args.filter((arg) => arg !== "--json"),
    samples,
  );
  if (json) console.log(JSON.stringify(measured, undefined, 2));
  else print(measured, samples);
  progress(`measured in ${describeDuration(Date.now() - started)}`);
  const missed = FIGURES.filter(
    (figure: Figure) => figure.counted && !isMet(figure, measured[figure.name as FigureName] ?? 0),
  );
  process.exitCode = missed.length === 0 ? 0 : 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
