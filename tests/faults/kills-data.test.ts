/** The provider's process or the engine is killed at each call of the life of data: the next up converges. */
import { DataLife } from "./support/data-life";
import { describeFaults } from "./support/describe-faults";
import { KILLS } from "./support/faults";

describeFaults("a process that is killed at work on collections, partitions and indexes", KILLS, DataLife);
