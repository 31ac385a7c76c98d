import { thousands } from "../../provider/core/thousands";

test.each([0, 7, 600, 999, 1_000, 12_345, 999_999, 1_000_000, 1_234_567_890, -1_000, 0.125, 1_024.5])(
  "%d is written as Intl writes it",
  (number) => expect(thousands(number)).toBe(number.toLocaleString("en-US")),
);

test("A fraction keeps all of its digits", () => expect(thousands(0.00001234)).toBe("0.00001234"));
