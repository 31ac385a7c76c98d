/** Resource groups on a real Milvus 2.3.5 of this file's own, whose one query node goes to and fro. */
import { type Server, startMilvus } from "../../tools/servers";
import { resourceGroupContract } from "./resource-group-contract";

let server: Server;

beforeAll(async () => {
  server = await startMilvus();
});
afterAll(() => server.stop());

resourceGroupContract("Milvus 2.3.5", () => server, "moved");
