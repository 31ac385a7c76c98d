/** What no message may show. */
import { hide, printable } from "../../provider/core/printable";
import { show } from "../../provider/core/shapes";

describe("a secret", () => {
  test("is left out of every text, as it is and as messages quote it", () => {
    hide('S3CRET "pass"\nphrase');
    expect(printable('it is S3CRET "pass"\nphrase.')).toBe("it is [secret].");
    expect(show({ password: 'S3CRET "pass"\nphrase' })).toBe('{"password":"[secret]"}');
  });

  test("is left out wherever it stands inside a value", () => {
    hide({ a: ["first-one", { b: 87_654_321 }] });
    expect(printable("first-one 87654321")).toBe("[secret] [secret]");
  });

  test("is left out before a long text is cut", () => {
    hide("a-long-one".repeat(20));
    expect(show("a-long-one".repeat(20))).toBe('"[secret]"');
  });

  test("takes no shorter one's place", () => {
    hide("the-shorter");
    hide("the-shorter-and-longer");
    expect(printable("the-shorter-and-longer")).toBe("[secret]");
  });

  test("that is a common word is left out as a word only, and a tiny one not at all", () => {
    hide("part");
    hide("id");
    expect(printable("part of partitionName, id")).toBe("[secret] of partitionName, id");
  });

  test("may hold what patterns are made of", () => {
    hide("a.b*");
    expect(printable("a.b* axbb")).toBe("[secret] axbb");
  });
});

test.each([
  ["\u001b[31mred", "\\u{1b}[31mred"],
  ["\u009b31m\u0007\r", "\\u{9b}31m\\u{7}\\u{d}"],
  ["\u202egnp\u200b\u2028", "\\u{202e}gnp\\u{200b}\\u{2028}"],
  ["\ud800", "\\u{d800}"],
  ["lines\nand\ttabs, größe, 文書", "lines\nand\ttabs, größe, 文書"],
])("%j reaches a terminal as %s", (text, printed) => {
  expect(printable(text)).toBe(printed);
});
