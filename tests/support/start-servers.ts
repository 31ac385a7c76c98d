import { isForeign, leftOut } from "./foreign-server";
import { areRunning, startServers, useForeignServer } from "./servers";

const ON_ANY_SERVER = ["contract", "live"];

export default async function setUp(): Promise<void> {
  if (areRunning()) return;
  if (!isForeign() || isNamed("faults")) {
    await startServers();
    return;
  }
  // Jest tells this file of the first of the projects alone.
  const projects = ON_ANY_SERVER.filter(isNamed);
  if (projects.length === 0)
    throw new Error("MILVUS_ADDRESS is set: name the tests that run on it, npm run contract or npm run live");
  for (const [file, why] of projects.flatMap((project) => leftOut(project)))
    process.stderr.write(`left out: ${file}: ${why}\n`);
  await useForeignServer();
}

function isNamed(project: string): boolean {
  return process.argv.includes(project) || process.argv.includes(`--selectProjects=${project}`);
}
