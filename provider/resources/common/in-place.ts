/**
 * Changes that some servers make in place and others not at all, of what is not worth the data of an object: a server
 * that is known to be too old is a refusal, never a replacement.
 */
import { differences, isRefusal, together } from "../../core/diff";
import type { Change, Judge, Properties, Refusal } from "../../core/properties";
import { isSilence, UnsupportedError } from "../../milvus/errors";
import type { FeatureName } from "../../milvus/versions";

/** Nothing where the server does not answer: then the update asks it again, before it changes anything. */
export async function knownToSupport(judge: Judge, feature: FeatureName): Promise<boolean | undefined> {
  try {
    return await judge.supports(feature);
  } catch (error) {
    if (!isSilence(error)) throw error;
    judge.logOnce(
      `warning: Milvus at ${error.failure.address} does not answer: what it can change in place is asked when it is changed`,
    );
    return undefined;
  }
}

/** A refusal where the server is known not to have the feature; what is not known yet is no reason for one. */
export async function refusalWithout(
  feature: FeatureName,
  { unknown }: Change<unknown>,
  judge: Judge,
  refusal: (lacking: string) => Refusal,
): Promise<Refusal | undefined> {
  if (unknown || (await knownToSupport(judge, feature)) !== false) return undefined;
  return refusal(await judge.lacks(feature));
}

/** The error of a change that the server cannot make. */
export function refused(object: string, { refuse, instead }: Refusal): UnsupportedError {
  return new UnsupportedError(`${object} is not changed: ${refuse}. ${instead}`);
}

/** Before the first change of an update: the diff may not have known the server. */
export async function refuseUnchangeable(
  object: string,
  inputs: Properties,
  old: object,
  wanted: object,
  judge: Judge,
): Promise<void> {
  const found = await differences(
    inputs,
    old as Readonly<Record<string, unknown>>,
    wanted as Readonly<Record<string, unknown>>,
    judge,
  );
  const effect = together(found);
  if (isRefusal(effect)) throw refused(object, effect);
}
