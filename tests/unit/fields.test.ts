/** Fields between the words of this package and those of the Milvus SDK, where no server here has them. */
import type { FieldSchema } from "@zilliz/milvus2-sdk-node";

import {
  type Field,
  fromFieldSchema,
  fromFunctionObject,
  toFieldType,
  toFunctionObject,
} from "../../provider/milvus/fields";

/** Numbers as in milvus.proto. */
const TYPES = { Int64: 5, VarChar: 21, Array: 22, FloatVector: 101, Struct: 201 };

const schemaOf = (values: object): FieldSchema => ({ type_params: [], ...values }) as unknown as FieldSchema;

describe("a field on its way to the SDK", () => {
  test("has numbers for its types, its names in Milvus's words, and nothing that was left out", () => {
    const field: Field = {
      name: "title",
      dataType: "VarChar",
      maxLength: 10,
      autoId: false,
      mmapEnabled: true,
      warmup: "sync",
      analyzerParams: { type: "english" },
    };
    expect(toFieldType(field, TYPES)).toEqual({
      name: "title",
      data_type: 21,
      max_length: 10,
      autoID: false,
      "mmap.enabled": true,
      type_params: { warmup: "sync" },
      analyzer_params: { type: "english" },
    });
  });

  test("brings the members of its structs along", () => {
    const field: Field = {
      name: "parts",
      dataType: "Array",
      elementType: "Struct",
      maxCapacity: 10,
      fields: [{ name: "part", dataType: "FloatVector", dim: 4 }],
    };
    expect(toFieldType(field, TYPES)).toMatchObject({
      data_type: 22,
      element_type: 201,
      max_capacity: 10,
      fields: [{ name: "part", data_type: 101, dim: 4 }],
    });
  });
});

describe("a field as a server describes it", () => {
  test("keeps only what differs from Milvus's defaults", () => {
    const schema = schemaOf({
      name: "number",
      data_type: "Int64",
      description: "",
      is_primary_key: false,
      autoID: false,
      nullable: false,
      element_type: "None",
      default_value: null,
    });
    expect(fromFieldSchema(schema)).toEqual({ name: "number", dataType: "Int64" });
  });

  test("has numbers and truth values for what the wire has as texts", () => {
    const schema = schemaOf({
      name: "title",
      data_type: "VarChar",
      element_type: "None",
      type_params: [
        { key: "max_length", value: "512" },
        { key: "enable_match", value: "True" },
        { key: "enable_analyzer", value: "false" },
        { key: "mmap.enabled", value: "true" },
        { key: "warmup", value: "disable" },
        { key: "analyzer_params", value: '{"type":"english"}' },
      ],
    });
    expect(fromFieldSchema(schema)).toEqual({
      name: "title",
      dataType: "VarChar",
      maxLength: 512,
      enableMatch: true,
      mmapEnabled: true,
      warmup: "disable",
      analyzerParams: { type: "english" },
    });
  });

  test("that is an Array of Struct has the members that a program declares", () => {
    const member = (name: string, element_type: string, params: object): object =>
      schemaOf({
        name,
        data_type: element_type.endsWith("Vector") ? "ArrayOfVector" : "Array",
        element_type,
        type_params: Object.entries(params).map(([key, value]) => ({ key, value: String(value) })),
      });
    const schema = schemaOf({
      name: "parts",
      data_type: "ArrayOfStruct",
      type_params: [{ key: "max_capacity", value: "10" }],
      fields: [
        member("part", "VarChar", { max_length: 20, max_capacity: 10 }),
        member("vector", "FloatVector", { dim: 4 }),
      ],
    });
    expect(fromFieldSchema(schema)).toEqual({
      name: "parts",
      dataType: "Array",
      elementType: "Struct",
      maxCapacity: 10,
      fields: [
        { name: "part", dataType: "VarChar", maxLength: 20 },
        { name: "vector", dataType: "FloatVector", dim: 4 },
      ],
    });
  });

  test.each<[string, unknown, unknown]>([
    ["Int64", "5", 5],
    ["Int64", "9223372036854775807", "9223372036854775807"],
    ["Double", "0.1", 0.1],
    ["Bool", "true", true],
    ["Bool", false, false],
    ["VarChar", "5", "5"],
    ["VarChar", "", ""],
  ])("of type %s has the default %p as %p", (data_type, default_value, value) => {
    const schema = schemaOf({ name: "a", data_type, element_type: "None", default_value });
    expect(fromFieldSchema(schema).defaultValue).toBe(value);
  });
});

describe("a function", () => {
  test("goes there and comes back with its parameters as texts", () => {
    const declared = {
      name: "bm25",
      type: "BM25",
      inputFieldNames: ["words"],
      outputFieldNames: ["sparse"],
      params: { bm25_k1: 1.5 },
    };
    const sent = toFunctionObject(declared);
    expect(sent).toEqual({
      name: "bm25",
      type: "BM25",
      description: "",
      input_field_names: ["words"],
      output_field_names: ["sparse"],
      params: { bm25_k1: 1.5 },
    });
    const read = { ...sent, params: [{ key: "bm25_k1", value: "1.5" }] } as unknown as typeof sent;
    expect(fromFunctionObject(read)).toEqual({ ...declared, params: { bm25_k1: "1.5" } });
  });
});
