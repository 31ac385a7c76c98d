/** Keys of properties and names of privileges: what is misspelt is refused, what may be right goes to the server. */
import { logTo } from "../../provider/core/log";
import { collection } from "../../provider/resources/collection";
import { database } from "../../provider/resources/database";
import { grant } from "../../provider/resources/grant";
import { privilegeGroup } from "../../provider/resources/privilege-group";
import { failuresOf, UNKNOWN, type Values } from "../support/declared";

let told: string[] = [];
beforeAll(() => logTo((line) => void told.push(line)));
afterAll(() => logTo((line) => console.log(line)));
beforeEach(() => void (told = []));

const FIELDS = [
  { name: "id", dataType: "Int64", isPrimaryKey: true },
  { name: "embedding", dataType: "FloatVector", dim: 8 },
];
const collectionWith = (properties: Values): [unknown, Values] => [
  collection,
  { fields: FIELDS, properties },
];
const databaseWith = (properties: Values): [unknown, Values] => [
  database,
  { databaseName: "app", properties },
];
const granted = (privilege: string): [unknown, Values] => [
  grant,
  { roleName: "readers", privilege, databaseName: "app", collectionName: "documents" },
];
const grouped = (...privileges: string[]): [unknown, Values] => [
  privilegeGroup,
  { privilegeGroupName: "reading", privileges },
];

test.each<[what: string, [unknown, Values], property: string, RegExp]>([
  [
    "a property of a collection",
    collectionWith({ "collection.ttl.second": "60" }),
    "properties.collection.ttl.second",
    /Milvus knows no property "collection.ttl.second" of collections; did you mean "collection.ttl.seconds"\?/,
  ],
  [
    "the case of a property",
    collectionWith({ "mmap.Enabled": "true" }),
    "properties.mmap.Enabled",
    /did you mean "mmap.enabled"\?/,
  ],
  [
    "a property of a database",
    databaseWith({ "database.max.collection": "5" }),
    "properties.database.max.collection",
    /no property "database.max.collection" of databases; did you mean "database.max.collections"\?/,
  ],
  ["a privilege", granted("Serch"), "privilege", /no privilege "Serch"; did you mean "Search"\?/],
  ["a built-in group", granted("ColectionAdmin"), "privilege", /did you mean "CollectionAdmin"\?/],
  ["a privilege of a group", grouped("Query", "Saerch"), "privileges", /did you mean "Search"\?/],
])("%s that is misspelt is refused", async (_, [resource, inputs], property, rule) => {
  expect(await failuresOf(resource, inputs)).toEqual([
    { property, reason: expect.stringMatching(rule) as string },
  ]);
  expect(told).toEqual([]);
});

test.each<[what: string, [unknown, Values], told: string]>([
  [
    "a property that nothing knows",
    collectionWith({ "team.owner": "search" }),
    'Collection "logical_name": properties.team.owner: is no property of collections that this version of ' +
      "pulumi-milvus knows. Milvus keeps it as it is",
  ],
  [
    "a property of databases on a collection",
    collectionWith({ "database.replica.number": "2" }),
    'Collection "logical_name": properties.database.replica.number: is a property of databases: Milvus keeps it, and ' +
      "does nothing with it",
  ],
  [
    "a name that may well be that of a group",
    granted("Admins"),
    'Grant "logical_name": privilege: Milvus has no privilege "Admins"; did you mean "Admin"? It counts as a privilege ' +
      "group",
  ],
  [
    "a privilege in another case",
    granted("search"),
    'Grant "logical_name": privilege: Milvus has no privilege "search"; did you mean "Search"? It counts as a ' +
      "privilege group",
  ],
])("%s is warned of, and goes to the server", async (_, [resource, inputs], line) => {
  expect(await failuresOf(resource, inputs)).toEqual([]);
  expect(told).toEqual([`warning: ${line}`]);
});

test.each<[what: string, [unknown, Values]]>([
  ["known properties", collectionWith({ "collection.ttl.seconds": "60", "warmup.vectorIndex": "sync" })],
  ["a property that is not known yet", collectionWith({ "collection.ttl.second": UNKNOWN })],
  ["properties of a database", databaseWith({ "database.force.deny.writing": "true", timezone: "UTC" })],
  ["a privilege group", granted("my_readers")],
  ["privileges", grouped("Search", "Query", "NewerThanTheTable")],
])("%s pass without a word", async (_, [resource, inputs]) => {
  expect(await failuresOf(resource, inputs)).toEqual([]);
  expect(told).toEqual([]);
});
