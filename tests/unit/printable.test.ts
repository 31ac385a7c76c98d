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

  test("that is short is left out as a word only, and a tiny one not at all", () => {
    hide("p4rt");
    hide("id");
    expect(printable("p4rt of p4rtitionName, id")).toBe("[secret] of p4rtitionName, id");
  });

  describe.each(["collection", "Milvus", "failed", "19530"])("that is the common word %s", (word) => {
    beforeAll(() => hide(word));

    test("neither blots a message nor is betrayed by what is missing", () => {
      const message = `DropCollection of collection default/${word} failed on Milvus at ${word}:19530: password: must be`;
      expect(printable(message)).toBe(message);
    });

    test("is left out as a value that is shown, also within another", () => {
      expect(show(word)).toBe('"[secret]"');
      expect(show({ given: [word, `${word}s`] })).toBe(`{"given":["[secret]","${word}s"]}`);
      expect(show(Number(word))).toBe(word === "19530" ? "[secret]" : "NaN");
    });

    test.each([
      ["password=WORD is wrong", "password=[secret] is wrong"],
      ['{"password": "WORD"}', '{"password": "[secret]"}'],
      ["check username [root] and password [WORD]", "check username [root] and password [[secret]]"],
      ["http://root:WORD@127.0.0.1", "http://root:[secret]@127.0.0.1"],
    ])("is left out of %s, which says what it is", (text, clean) => {
      expect(printable(text.replace("WORD", word))).toBe(clean);
    });
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
