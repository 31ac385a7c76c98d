/** Where the fake does not answer as the recorded server did, and why: situation, step and call. */
const CHECKPOINTS = "the fake has no write-ahead log, so no flush ends at a position in one";
const BACKUP = "the fake knows no BackupRBAC, which neither the provider nor a test calls";
const SNAPSHOTS = "the fake knows no snapshots, which neither the provider nor a test makes";
const BUILT_IN_GROUPS =
  "the fake's built-in groups are those of 2.5: the recording does not tell which group gained what";

const FLUSH = `flush {"collection_names":["$a"]} under an alias / 2 flush`;
const UNKNOWN_GRANTS = "calls of grants that 2.3.5 does not know";

export const STILL_DIFFERENT: Readonly<
  Record<"2.5.27" | "2.6.19" | "3.0.0", Readonly<Record<string, string>>>
> = {
  "2.5.27": {
    [FLUSH]: CHECKPOINTS,
    [`${UNKNOWN_GRANTS} / 6 backupRBAC`]: BACKUP,
  },
  "2.6.19": {
    [FLUSH]: CHECKPOINTS,
    [`${UNKNOWN_GRANTS} / 3 listPrivilegeGroups`]: BUILT_IN_GROUPS,
    [`${UNKNOWN_GRANTS} / 6 backupRBAC`]: BACKUP,
  },
  "3.0.0": {
    [FLUSH]: CHECKPOINTS,
    [`${UNKNOWN_GRANTS} / 3 listPrivilegeGroups`]: BUILT_IN_GROUPS,
    [`${UNKNOWN_GRANTS} / 6 backupRBAC`]: BACKUP,
    "listSnapshots, which 2.3.5 does not know / 1 listSnapshots": SNAPSHOTS,
  },
};
