/** What check says of a resource where no engine asks: of programs that run under Pulumi's mocks, as their tests do. */
import { checkInputs } from "../core/check";
import { KeptNames } from "../lifecycle/naming";
import { resourceOf } from "../registry";
import { reasonsOf } from "./answers";

type Values = Readonly<Record<string, unknown>>;

export interface CheckedAlone {
  /** The name that was left out, by its input. */
  readonly names: Values;
  /** What is wrong. */
  readonly reasons: readonly string[];
}

export function checkAlone(kind: string, logicalName: string, given: Values): CheckedAlone {
  const resource = resourceOf(kind);
  if (!resource) return { names: {}, reasons: [] };
  const named = new KeptNames().named(resource, given, {}, logicalName);
  const { nameInput = "" } = resource;
  const isLeftOut = given[nameInput] === undefined && named[nameInput] !== undefined;
  return {
    names: isLeftOut ? { [nameInput]: named[nameInput] } : {},
    reasons: reasonsOf(checkInputs(resource, named).problems),
  };
}
