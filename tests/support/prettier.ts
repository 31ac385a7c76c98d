/** What prettier makes of a program, with its own settings. Without its command line, which takes a process. */
import * as estree from "prettier/plugins/estree";
import * as typescript from "prettier/plugins/typescript";
import { format } from "prettier/standalone";

export function formatted(program: string): Promise<string> {
  return format(program, { parser: "typescript", plugins: [typescript, estree] });
}
