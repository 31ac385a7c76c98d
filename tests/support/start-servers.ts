import { areRunning, startServers } from "./servers";

export default async function setUp(): Promise<void> {
  if (!areRunning()) await startServers();
}
