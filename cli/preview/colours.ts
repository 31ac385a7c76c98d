/** Colours for a terminal. */
import { inspect } from "node:util";

export type Colour = "red" | "green" | "yellow" | "bold";
export type Paint = (colour: Colour, text: string) => string;

export const plain: Paint = (_, text) => text;

const coloured: Paint = (colour, text) => {
  const [on, off] = inspect.colors[colour] ?? [0, 0];
  return `\u001b[${on}m${text}\u001b[${off}m`;
};

/** NO_COLOR and FORCE_COLOR: https://no-color.org, https://force-color.org */
export function paintFor(
  { isTTY = false }: { readonly isTTY?: boolean },
  { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv,
): Paint {
  if (NO_COLOR !== undefined && NO_COLOR !== "") return plain;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "")
    return ["0", "false"].includes(FORCE_COLOR) ? plain : coloured;
  return isTTY && TERM !== "dumb" ? coloured : plain;
}
