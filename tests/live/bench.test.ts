/** The figures of `npm run bench` that are counted, not timed: calls, bytes and modules are the same on every machine. */
import { Arena } from "../../tools/bench/contenders";
import { FIGURES, type Measured } from "../../tools/bench/figures";
import { Samples } from "../../tools/bench/measure";
import { PARTS } from "../../tools/bench/parts";
import { testServers } from "../support/servers";

const COUNTED = FIGURES.filter((figure) => "counted" in figure);
const NAMES: ReadonlySet<string> = new Set(COUNTED.map(({ name }) => name));

const arena = new Arena(testServers().milvus);
afterAll(() => arena.close());

describe.each(PARTS.filter(({ gives }) => gives.every((name) => NAMES.has(name))))("$gives", (part) => {
  let measured: Measured;
  beforeAll(async () => {
    measured = await part.run(arena, new Samples());
  });

  test.each(COUNTED.filter(({ name }) => part.gives.some((given) => given === name)))(
    "$name is $goal at the most",
    ({ name, goal }) => {
      expect(measured[name]).toBeLessThanOrEqual(goal);
    },
  );
});
