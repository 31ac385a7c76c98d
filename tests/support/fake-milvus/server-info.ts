/** What the server says of itself. */
import type { Calls } from "./calls";
import { reported } from "./versions";

export const serverCalls: Calls = {
  Connect(world) {
    const server_info = {
      build_tags: reported(world.settings.version),
      deploy_mode: "STANDALONE",
      build_time: "",
      git_commit: "",
      go_version: "",
      reserved: {},
    };
    return { server_info, identifier: world.newId() };
  },

  GetVersion(world) {
    return { version: reported(world.settings.version) };
  },

  CheckHealth() {
    return { isHealthy: true, reasons: [], quota_states: [] };
  },

  AllocTimestamp(world) {
    return { timestamp: world.timestamp() };
  },
};
