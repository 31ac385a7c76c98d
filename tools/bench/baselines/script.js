/**
 * What a user without this package runs: node script.js ADDRESS COMMAND COLLECTION [NUMBER]. It does what the
 * command says through the Milvus SDK and nothing else.
 */
const { DataType, MilvusClient } = require("@zilliz/milvus2-sdk-node");

const FIELDS = [
  { name: "id", data_type: DataType.Int64, is_primary_key: true },
  { name: "year", data_type: DataType.Int64 },
  { name: "embedding", data_type: DataType.FloatVector, dim: 8 },
];

function names(count) {
  return Array.from({ length: count }, (_, at) => `p${at}`);
}

async function succeeded(call) {
  const reply = await call;
  if (reply.error_code !== "Success") throw new Error(reply.reason);
}

async function oneByOne(items, work) {
  for (const item of items) await work(item);
}

async function atOnce(items, work) {
  await Promise.all(items.map(work));
}

const commands = {
  async remove(client, collection_name, count) {
    await oneByOne(names(count), async (partition_name) => {
      await succeeded(client.releasePartitions({ collection_name, partition_names: [partition_name] }));
      await succeeded(client.dropPartition({ collection_name, partition_name }));
    });
  },
  async replace(client, collection_name, count) {
    await succeeded(client.dropCollection({ collection_name }));
    await commands.create(client, collection_name, count);
    await succeeded(
      client.createIndex({
        collection_name,
        field_name: "embedding",
        index_name: "by_meaning",
        index_type: "HNSW",
        metric_type: "COSINE",
        params: { M: 8, efConstruction: 64 },
      }),
    );
  },
  async create(client, collection_name, count) {
    await succeeded(client.createCollection({ collection_name, fields: FIELDS }));
    await atOnce(names(count), (partition_name) =>
      succeeded(client.createPartition({ collection_name, partition_name })),
    );
  },
};

async function main([address, command, collection, count]) {
  const client = new MilvusClient({ address, telemetry: { enabled: false } });
  await client.connectPromise;
  await commands[command](client, collection, Number(count));
  await client.closeConnection();
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
