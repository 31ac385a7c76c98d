/** Each call of the life of data meets each fault: the run gets through, or the next up does, and no data is lost. */
import { DataLife } from "./support/data-life";
import { describeFaults } from "./support/describe-faults";
import { CALL_FAULTS, SAMPLED } from "./support/faults";
import { full } from "./support/tally";

describeFaults(
  "a call for collections, partitions and indexes that meets a fault",
  full ? CALL_FAULTS : SAMPLED.data,
  DataLife,
);
