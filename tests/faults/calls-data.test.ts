/** Each call of the life of data meets each fault: the run gets through, or the next up does, and no data is lost. */
import { DataLife } from "./support/data-life";
import { describeFaults } from "./support/describe-faults";
import { CALL_FAULTS } from "./support/faults";

describeFaults("a call for collections, partitions and indexes that meets a fault", CALL_FAULTS, DataLife);
