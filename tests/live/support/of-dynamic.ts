import { OVER_PLUGIN } from "./live";

/** A test of what only dynamic resources have. */
export const ofDynamic = OVER_PLUGIN ? test.skip : test;

/** The same, of several. */
export const describeOfDynamic = OVER_PLUGIN ? describe.skip : describe;
