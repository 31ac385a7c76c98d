/** replacing-data.test.ts over the plugin: what becomes of data does not hang on the engine. `npm run faults` has all the others. */
process.env["PULUMI_MILVUS_TEST_ENGINE"] = "plugin";
jest.requireActual("./replacing-data.test");
