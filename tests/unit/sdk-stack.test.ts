/** What the engine hears of where in the program a resource was made. */
import { shortenStack } from "../../sdk/nodejs/resource";

type Prepare = (error: Error, frames: NodeJS.CallSite[]) => unknown;
const stacks: { prepareStackTrace?: Prepare } = Error;

/** As from below so many calls of Pulumi's own. */
function stackBelow(calls: number): string | undefined {
  return calls === 0 ? new Error("a message").stack : stackBelow(calls - 1);
}

test("is one line of the program below Pulumi's own, and no other is looked up in source maps", () => {
  const before = stacks.prepareStackTrace;
  const lookedUp: NodeJS.CallSite[] = [];
  const lookUp: Prepare = (error, frames) => {
    lookedUp.push(...frames);
    return `${String(error)}\n    at program (/program/index.ts:7:9)`;
  };
  stacks.prepareStackTrace = lookUp;
  try {
    const restore = shortenStack();
    const lines = stackBelow(4)?.split("\n") ?? [];
    restore();
    expect(lines).toHaveLength(1 + 5 + 1);
    expect(lines[0]).toBe("Error: a message");
    expect(lines.at(-1)).toBe("    at program (/program/index.ts:7:9)");
    expect(lookedUp.map((frame) => frame.getFileName())).toEqual([__filename]);
    expect(stacks.prepareStackTrace).toBe(lookUp);
  } finally {
    stacks.prepareStackTrace = before;
  }
});
