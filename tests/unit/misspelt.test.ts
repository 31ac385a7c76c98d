import { misspelt } from "../../provider/core/misspelt";
import { couldBeGroup, misspeltPrivilege } from "../../provider/milvus/privileges";

const KNOWN = ["efConstruction", "nlist", "M", "m", "collection.ttl.seconds", "HNSW", "IVF_SQ8"];

test.each([
  ["efConstrution", "efConstruction"],
  ["efconstruction", "efConstruction"],
  ["efConstructoin", "efConstruction"],
  ["nlits", "nlist"],
  ["collection.ttl.second", "collection.ttl.seconds"],
  ["HSNW", "HNSW"],
  ["hnsw", "HNSW"],
  ["IVF_SQ", "IVF_SQ8"],
])("%s is %s, misspelt", (name, meant) => expect(misspelt(name, KNOWN)).toBe(meant));

test.each([...KNOWN, "", "n", "ef", "nprobe", "nl1st2", "SINDI", "collection.ttl.field", "IVF_RABITQ"])(
  "%s is no other, misspelt",
  (name) => expect(misspelt(name, KNOWN)).toBeUndefined(),
);

test("a name that starts with a privilege may be that of a group", () => {
  expect(misspeltPrivilege("Admins")).toBe("Admin");
  expect(couldBeGroup("Admins", "Admin")).toBe(true);
  expect(couldBeGroup("Serch", "Search")).toBe(false);
});
