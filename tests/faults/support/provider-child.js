"use strict";
/**
 * The provider in a process of its own, as the engine runs it, for tests that call it directly: answers
 * `{ call, resource, method, args }` with `{ call, result }` or `{ call, error }`. Configured by its first message.
 */
const providers = require("pulumi-milvus/provider");

/** What the engine can see of an error: an index that is not built yet brings its state along. */
function visible({ message, id, properties, reasons }) {
  return { message, id, properties, reasons };
}

process.once("message", (config) => {
  const get = (name) => config[name];
  for (const provider of Object.values(providers)) void provider.configure({ config: { get, require: get } });
  process.on("message", async ({ call, resource, method, args }) => {
    try {
      process.send({ call, result: await providers[resource][method](...args) });
    } catch (error) {
      process.send({ call, error: visible(error) });
    }
  });
});
