/** What goes to PyPI: sdk/python as an sdist and a wheel, as PyPA's `build` makes them. */
import { cpSync } from "node:fs";

import { ensureEntry, shortHash } from "../cache";
import { removeTemporary, temporaryFolder } from "../processes";
import { runOrFail } from "../programs";
import { findPython, runPip } from "../python";
import { PYTHON_SDK } from "../python-sdk";

/** Pinned, with what `build-system` of its pyproject.toml asks for. */
const BUILDER = ["build==1.3.0", "setuptools==80.9.0"];

export async function packPython(target: string): Promise<void> {
  const python = await findPython([3, 9], "the package for Python", "a release has one.");
  const name = `python-build-${python.version.join(".")}-${shortHash(...BUILDER)}`;
  const builder = await ensureEntry(name, (folder) =>
    runPip(python, ["install", "--target", folder, ...BUILDER]),
  );
  // It leaves folders beside the sources.
  const copy = temporaryFolder("pulumi-milvus-python-");
  try {
    cpSync(PYTHON_SDK, copy, { recursive: true });
    await runOrFail(python.executable, ["-m", "build", "--no-isolation", "--outdir", target, copy], {
      env: { ...process.env, PYTHONPATH: builder },
    });
  } finally {
    removeTemporary(copy);
  }
}
