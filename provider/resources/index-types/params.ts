/** Whether the parameters of an index are those of its type, as far as it needs no server. */
import { misspelt } from "../../core/misspelt";
import { inside, outside, type Report, show } from "../../core/shapes";
import { isVectorType } from "../../milvus/fields";
import type { Indexed, Wanted } from "./fits";
import { type Limits, OF_EVERY_TYPE, PARAMETER_NAMES } from "./parameters";
import { INDEX_TYPE_NAMES, INDEX_TYPES, indexTypeOf } from "./types";

const KNOWN: readonly string[] = [...PARAMETER_NAMES, ...OF_EVERY_TYPE];
/** What the shapes of parameters let through. */
type Scalar = string | number | boolean;

const TO_THE_SERVER = "It goes to the server as it is";

/** What no Milvus takes is reported; what Milvus leaves unused, or a newer one may know, is warned of. */
export function checkParams(wanted: Wanted, indexed: Indexed, report: Report, warn: Report): void {
  const { indexType, params = {} } = wanted;
  for (const name of Object.keys(params)) if (!KNOWN.includes(name)) checkUnknown(name, report, warn);
  const type = indexTypeOf(indexType);
  if (indexType === undefined || type === undefined) return;
  const ofType = Object.entries(type.params);
  const others = new Set([...ofType.map(([name]) => name), ...OF_EVERY_TYPE]);
  for (const name of Object.keys(params))
    if (KNOWN.includes(name) && !others.has(name)) warn(`params.${name}`, foreign(name, indexType, indexed));
  for (const [name, limits] of ofType) {
    checkValue(name, params[name] as Scalar | undefined, limits, indexType, report, warn);
    checkParts(name, limits, wanted, indexed, report, warn);
  }
  checkGrams(wanted, report);
}

/** Milvus takes a misspelt parameter for one that it does not need, and builds with the default of the one that is meant. */
function checkUnknown(name: string, report: Report, warn: Report): void {
  const path = inside("params", name);
  const meant = misspelt(name, KNOWN);
  if (meant === undefined)
    warn(path, `is no parameter of an index that this version of pulumi-milvus knows. ${TO_THE_SERVER}`);
  else
    report(
      path,
      `Milvus knows no parameter ${show(name)}; did you mean ${show(meant)}? Newer servers build without a word with the ` +
        "default of what is misspelt",
    );
}

/**
 * knowhere, Config::FormatAndCheck, v2.2.3 to v3.0.8, passes over names that are not of the type. Measured on 2.3.5; and on
 * 2.3.5, 2.5.27, 2.6.19 and 3.0.0 that a vector's AUTOINDEX is refused with any.
 */
function foreign(name: string, indexType: string, { dataType }: Indexed): string {
  const owners = INDEX_TYPE_NAMES.filter((other) => Object.hasOwn(INDEX_TYPES[other]?.params ?? {}, name));
  const isAutomatic = indexType === "AUTOINDEX" && (dataType === undefined || isVectorType(dataType));
  return (
    `is a parameter of ${owners.join(", ")}, not of ${indexType}. ` +
    (isAutomatic ? "Milvus refuses it for AUTOINDEX on vectors" : "Milvus leaves it unused")
  );
}

function checkValue(
  name: string,
  value: Scalar | undefined,
  limits: Limits,
  indexType: string,
  report: Report,
  warn: Report,
): void {
  const path = `params.${name}`;
  if (value === undefined) {
    if (limits.required) warn(path, `is missing, and Milvus builds no ${indexType} without it`);
    return;
  }
  const { known = [] } = limits;
  if (known.length > 0) return checkKnown(path, String(value).trim(), known, report, warn);
  const reason = limits.kind === "text" ? undefined : wrongNumber(value, limits, indexType);
  if (reason !== undefined) report(path, reason);
}

/** Servers go by the letters, not by their case. */
function checkKnown(
  path: string,
  value: string,
  known: readonly string[],
  report: Report,
  warn: Report,
): void {
  if (known.some((one) => one.toLowerCase() === value.toLowerCase())) return;
  const meant = misspelt(value, known);
  const reason = `${show(value)} is not one of ${known.join(", ")}`;
  if (meant === undefined) warn(path, `${reason}. ${TO_THE_SERVER}`);
  else report(path, `${reason}; did you mean ${show(meant)}?`);
}

function wrongNumber(given: Scalar, limits: Limits, indexType: string): string | undefined {
  const value = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
  const isWhole = limits.kind === "whole";
  if (typeof value !== "number" || Number.isNaN(value) || (isWhole && !Number.isInteger(value)))
    return `must be a ${isWhole ? "whole " : ""}number for ${indexType}, not ${show(given)}`;
  return outside(value, limits, ` for ${indexType}`);
}

/** A default that does not fit is left to the server, which may have another one. */
function checkParts(
  name: string,
  { parts, default: byDefault }: Limits,
  { params = {}, indexType, fieldName }: Wanted,
  { dim }: Indexed,
  report: Report,
  warn: Report,
): void {
  const given = params[name];
  const value = Number(given ?? byDefault);
  if (parts === undefined || dim === undefined || !Number.isInteger(value) || value < 1 || dim % value === 0)
    return;
  const rule = `${indexType} cuts a vector into ${parts}, and ${value} does not divide the dim of field ${fieldName}, ${dim}`;
  if (given === undefined) warn(`params.${name}`, `is left out, which is ${value}: ${rule}`);
  else report(`params.${name}`, rule);
}

/** milvus-io/milvus, internal/util/indexparamcheck/ngram_index_checker.go. */
function checkGrams({ params = {}, indexType }: Wanted, report: Report): void {
  const { min_gram: least, max_gram: most } = params;
  if (indexType === "NGRAM" && Number(least) > Number(most))
    report("params.min_gram", `must be max_gram, ${show(most)}, or less, not ${show(least)}`);
}
