/**
 * What may reach a terminal or a log. Pulumi hands secrets to dynamic providers bare, so whatever shows a value of a
 * user or a server's words goes through here: check failures, errors and log lines.
 */

/** In this process; a provider process serves one stack. */
const secrets = new Set<string>();

const HIDDEN = "[secret]";

/** Shorter ones would blot out half of every message and could be guessed from what is left. */
const SHORTEST_SECRET = 4;
/** Shorter ones are no secret where they are part of a word. */
const SHORTEST_INSIDE_WORDS = 8;
/**
 * A password such as `collection`, `Milvus` or `1000`: messages are full of it. Hidden wherever it stands it would blot
 * them, and tell what it is by what is missing. No random secret is one.
 */
const COMMON = /^(?:[a-z]{1,16}|\d{1,6})$/i;

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
  return withoutSecrets(text, secrets).replace(UNPRINTABLE, escaped);
}

/** The text without those secrets; a common word is one only where the text says so. */
export function withoutSecrets(text: string, hidden: Iterable<string>): string {
  return [...hidden]
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length)
    .reduce((clean, secret) => clean.replaceAll(sought(secret), HIDDEN), text);
}

/** A value that a message shows: unlike a word of it, that may be the secret itself, as common as it is. */
export function withoutSecretValue(value: unknown): unknown {
  const isText = typeof value === "string" || typeof value === "number";
  return isText && secrets.has(String(value)) ? HIDDEN : value;
}

function sought(secret: string): string | RegExp {
  const pattern = secret.replaceAll(/[^\w\s]/g, "\\$&");
  if (COMMON.test(secret)) return new RegExp(`${NAMED_A_SECRET}${pattern}(?!\\w)|(?<=:)${pattern}(?=@)`, "g");
  if (secret.length >= SHORTEST_INSIDE_WORDS) return secret;
  return new RegExp(`(?<!\\w)${pattern}(?!\\w)`, "g");
}

/** Such as `password=`, `password "` and `token: "`; a colon alone is what follows the name of an input. */
const NAMED_A_SECRET =
  /(?<=\b(?:[Pp]assword|PASSWORD|[Pp]asswd|[Pp]wd|[Tt]oken|TOKEN|[Ss]ecret)\b["'\]]?\s*(?:=\s*["'[(]?|:?\s*["'[(]))/
    .source;

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
