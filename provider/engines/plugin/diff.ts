/** A plan as the engine takes it: what differs, by paths in the program. */
import * as protocol from "@pulumi/pulumi/proto/provider_pb";

import type { Difference } from "../../core/diff";
import type { Properties } from "../../core/properties";
import type { Plan } from "../../lifecycle/plan";
import { argumentOf } from "./collections";
import type { Values } from "./values";

export function asDiff(inputs: Properties, plan: Plan, old: Values, news: Values): protocol.DiffResponse {
  const response = new protocol.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = protocol.DiffResponse.DiffChanges;
  response.setChanges(plan.kind === "none" ? DIFF_NONE : DIFF_SOME);
  if (plan.kind === "none") return response;
  if (plan.kind === "replace")
    response.setReplacesList([...new Set(plan.because.map((name) => argumentOf(inputs, name)))]);
  // The option replaceOnChanges makes a replacement of an update, of an object that keeps its name.
  response.setDeletebeforereplace(plan.kind !== "replace" || plan.deleteBeforeReplace);
  if (plan.kind === "update") response.setStablesList(stablesOf(inputs, plan.differences));
  response.setHasdetaileddiff(true);
  for (const difference of plan.differences) {
    const path = pathIn(inputs, difference, news);
    response.getDetaileddiffMap().set(path, detail(difference, old, news));
    response.addDiffs(argumentOf(inputs, difference.input));
  }
  return response;
}

/** What no update changes. */
function stablesOf(inputs: Properties, differences: readonly Difference[]): string[] {
  const differing = new Set(differences.map(({ input }) => argumentOf(inputs, input)));
  return Object.keys(inputs).filter(
    (name) => inputs[name]?.change === "replace" && argumentOf(inputs, name) === name && !differing.has(name),
  );
}

function detail({ input, effect }: Difference, old: Values, news: Values): protocol.PropertyDiff {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = protocol.PropertyDiff.Kind;
  const isReplaced = effect === "replace";
  const diff = new protocol.PropertyDiff();
  if (old[input] === undefined) return diff.setKind(isReplaced ? ADD_REPLACE : ADD);
  if (news[input] === undefined) return diff.setKind(isReplaced ? DELETE_REPLACE : DELETE);
  return diff.setKind(isReplaced ? UPDATE_REPLACE : UPDATE);
}

/** Elements that are told apart by a property of theirs are told apart by their positions in a program. */
function pathIn(inputs: Properties, { path, input }: Difference, news: Values): string {
  const argument = argumentOf(inputs, input);
  if (argument !== input) return argument;
  const { keyedBy } = inputs[input]?.shape ?? {};
  const [, key, rest] = /^[^[.]+\[("(?:[^"\\]|\\.)*")\](.*)$/.exec(path) ?? [];
  const elements = news[input];
  if (keyedBy === undefined || key === undefined || !Array.isArray(elements)) return path;
  const at = (elements as Values[]).findIndex((one) => one[keyedBy] === JSON.parse(key));
  return at < 0 ? input : `${input}[${at}]${rest}`;
}
