/**
 * What may reach a terminal or a log. Pulumi hands secrets to dynamic providers bare, so whatever shows a value of a
 * user or a server's words goes through here: check failures, errors and log lines.
 */

/** In this process; a provider process serves one stack. */
const secrets = new Set<string>();

/** Shorter ones would blot out half of every message and could be guessed from what is left. */
const SHORTEST_SECRET = 4;
/** Shorter ones are common words, and no secret where they are part of another. */
const SHORTEST_INSIDE_WORDS = 8;

/** No message shows any text or number in this value from now on; the keys of objects are no secrets. */
export function hide(value: unknown): void {
  const inside: unknown[] = [value];
  for (const one of inside) {
    if (typeof one === "object" && one !== null) inside.push(...(Object.values(one) as unknown[]));
    else if (typeof one === "string" || typeof one === "number") hideText(String(one));
  }
}

function hideText(text: string): void {
  if (text.length < SHORTEST_SECRET) return;
  secrets.add(text);
  // As messages quote it.
  secrets.add(JSON.stringify(text).slice(1, -1));
}

/** Control characters, which a terminal obeys, and those that change how text around them reads. */
const UNPRINTABLE = /[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/gu;

export function printable(text: string): string {
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
  return longestFirst
    .reduce((clean, secret) => clean.replaceAll(sought(secret), "[secret]"), text)
    .replace(UNPRINTABLE, escaped);
}

function sought(secret: string): string | RegExp {
  if (secret.length >= SHORTEST_INSIDE_WORDS) return secret;
  return new RegExp(`(?<!\\w)${secret.replaceAll(/[^\w\s]/g, "\\$&")}(?!\\w)`, "g");
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
