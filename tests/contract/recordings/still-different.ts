/** Where the fake does not answer as the recorded server did, and why: situation, step and call. */
export const STILL_DIFFERENT: Readonly<
  Record<"2.5.27" | "2.6.19" | "3.0.0", Readonly<Record<string, string>>>
> = {
  "2.5.27": {},
  "2.6.19": {},
  "3.0.0": {},
};
