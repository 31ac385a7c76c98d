/** What `pulumi-milvus` writes for somebody at a terminal, and for nobody else. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { paintFor } from "../../cli/preview/colours";
import type { Judged } from "../../cli/preview/judge";
import { progressOn } from "../../cli/preview/progress";
import { makeReport } from "../../cli/preview/report";
import { asText } from "../../cli/preview/text";
import { buildIfStale, MAIN, ROOT, run } from "../support/built-cli";

const TERMINAL = { isTTY: true };
const PIPE = {};

describe("colours", () => {
  const isColoured = (stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv) =>
    paintFor(stream, env)("red", "x") !== "x";

  test.each<[string, { isTTY?: boolean }, NodeJS.ProcessEnv, boolean]>([
    ["a terminal", TERMINAL, {}, true],
    ["a pipe", PIPE, {}, false],
    ["a pipe in CI", PIPE, { CI: "true" }, false],
    ["a terminal that has none", TERMINAL, { TERM: "dumb" }, false],
    ["NO_COLOR", TERMINAL, { NO_COLOR: "1" }, false],
    ["NO_COLOR without a value", TERMINAL, { NO_COLOR: "" }, true],
    ["FORCE_COLOR", PIPE, { FORCE_COLOR: "1" }, true],
    ["FORCE_COLOR=0", TERMINAL, { FORCE_COLOR: "0" }, false],
    ["both", PIPE, { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
  ])("%s", (_, stream, env, expected) => {
    expect(isColoured(stream, env)).toBe(expected);
  });

  test("say what goes, comes and changes, and change no letter of the text", () => {
    const change = (operation: Judged["operation"]): Judged => ({
      urn: "urn",
      name: "one",
      kind: "Partition",
      operation,
      object: `one to ${operation}`,
      reasons: [],
    });
    const report = makeReport({
      changes: [
        { ...change("delete"), facts: { exists: false, aliases: [] } },
        change("create"),
        change("update"),
      ],
      acknowledgedOf: () => [],
    });
    const text = asText(report, { paint: paintFor(TERMINAL, {}) });
    expect(text).toContain("pulumi-milvus: \u001b[1mno data would be lost\u001b[22m");
    expect(text).toContain("\u001b[31mone to delete (delete): is gone already\u001b[39m");
    expect(text).toContain("\u001b[32mone to create (create)\u001b[39m");
    expect(text).toContain("\u001b[33mone to update (update)\u001b[39m");
    expect(text.replaceAll(/\u001b\[\d+m/g, "")).toBe(asText(report));
  });
});

describe("progress", () => {
  const written = (stream: object, env: NodeJS.ProcessEnv): string => {
    let text = "";
    const progress = progressOn({ ...stream, write: (part: string) => (text += part) }, env);
    progress.now("pulumi preview runs");
    progress.line("warning: a line");
    progress.end();
    return text;
  };

  test("is one line on a terminal, written over by lines for good and gone at the end", () => {
    const clear = "\r\u001b[2K";
    expect(written({ isTTY: true, columns: 80 }, {})).toBe(
      `${clear}pulumi-milvus: pulumi preview runs (0 s)${clear}warning: a line\n${clear}`,
    );
  });

  test("is cut where it would wrap", () => {
    expect(written({ isTTY: true, columns: 20 }, {})).toContain("\u001b[2Kpulumi-milvus: pulu\r");
    expect(written({ isTTY: true, columns: 0 }, {})).toContain("pulumi preview runs (0 s)\r");
  });

  test.each<[string, object, NodeJS.ProcessEnv]>([
    ["a pipe", PIPE, {}],
    ["CI", TERMINAL, { CI: "true" }],
    ["a terminal that cannot go back", TERMINAL, { TERM: "dumb" }],
  ])("is nothing but lines for good in %s", (_, stream, env) => {
    expect(written(stream, env)).toBe("warning: a line\n");
  });
});

describe("the command line", () => {
  beforeAll(() => buildIfStale("cli/main.ts", "cli/preview/command.ts", "sdk/nodejs/engines.ts"));

  test.each(["--version", "-V"])("%s is that of the package", async (flag) => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
    expect(await run(process.execPath, [MAIN, flag], {})).toMatchObject({
      code: 0,
      stdout: `${version}\n`,
      stderr: "",
    });
  });

  test("writes nothing of progress and no colour into pipes", async () => {
    const { code, output } = await run(process.execPath, [MAIN, "preview"], { PATH: "/nowhere" });
    expect(code).toBe(1);
    expect(output).toBe("pulumi-milvus: pulumi could not be started: spawn pulumi ENOENT\n");
  });
});
