/** The default value of a field in the one form that stands for it: as a field of its type keeps it, shortest written. */
export type DefaultValue = string | number | boolean;

const WHOLE_NUMBERS = ["Int8", "Int16", "Int32", "Int64"];

/** "007" is 7 in an Int64 field, and 0.1 is what a Float field keeps as 0.10000000149011612. */
export function asKept(dataType: unknown, value: DefaultValue): DefaultValue {
  if (WHOLE_NUMBERS.includes(String(dataType))) return isWhole(value) ? wholeNumber(BigInt(value)) : value;
  if (typeof value !== "number") return value;
  // A state is JSON, which has no -0.
  return (dataType === "Float" && !isBeyondFloat(value) ? shortestFloat(value) : value) + 0;
}

/** What a Float field would keep as something else altogether: as infinite, or as 0. */
export function isBeyondFloat(value: number): boolean {
  const kept = Math.fround(value);
  return !Number.isFinite(kept) || (kept === 0 && value !== 0);
}

/** Of one that JavaScript does not keep exactly nobody knows which it was: check refuses it. */
function isWhole(value: DefaultValue): value is string | number {
  return typeof value === "string" ? /^-?\d+$/.test(value) : Number.isSafeInteger(value);
}

/** Numbers beyond what JavaScript counts exactly are strings, as they are written in programs. */
function wholeNumber(value: bigint): string | number {
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

/** Nine digits tell any two floats of 32 bits apart. */
function shortestFloat(value: number): number {
  const kept = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(kept.toPrecision(digits));
    if (Math.fround(short) === kept) return short;
  }
  return Number(kept.toPrecision(9));
}
