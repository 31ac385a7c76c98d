/** What Milvus accepts as a name: internal/proxy/util.go, one check per kind of object, each with words of its own. */
import { CODES, invalid, refusal, unexpected } from "./status";

const LONGEST = 255;

/** Collections and aliases: `what` is "collection name" or "collection alias". */
export function checkCollectionName(name: string, what = "collection name"): void {
  if (name === "") throw invalid(`${what} should not be empty`);
  const bad = (rule: string) => invalid(`Invalid ${what}: ${name}. ${rule}`);
  if (name.length > LONGEST)
    throw bad(`the length of ${what} must be not greater than limit, max length is ${LONGEST}`);
  if (!/^[A-Za-z_]/.test(name)) throw bad(`the first character of a ${what} must be an underscore or letter`);
  if (!/^\w+$/.test(name)) throw bad(`${what} can only contain numbers, letters and underscores`);
}

export function checkPartitionName(name: string): void {
  const trimmed = name.trim();
  const bad = (rule: string) => unexpected(`Invalid partition name: ${name}. ${rule}`);
  if (trimmed === "") throw bad("Partition name should not be empty.");
  if (trimmed.length > LONGEST)
    throw bad(`The length of partition name must be less than ${LONGEST} characters.`);
  if (!/^[A-Za-z_]/.test(trimmed))
    throw bad("The first character of a partition name must be an underscore or letter.");
  if (!/^\w+$/.test(trimmed)) throw bad("Partition name can only contain numbers, letters and underscores.");
}

export function checkFieldName(name: string): void {
  const trimmed = name.trim();
  if (trimmed === "") throw unexpected("field name should not be empty");
  const bad = (rule: string) => unexpected(`Invalid field name: ${name}. ${rule}`);
  if (trimmed.length > LONGEST)
    throw bad(`The length of a field name must be less than ${LONGEST} characters.`);
  if (!/^[A-Za-z_]/.test(trimmed))
    throw bad("The first character of a field name must be an underscore or letter.");
  if (!/^\w+$/.test(trimmed)) throw bad("Field name cannot only contain numbers, letters, and underscores.");
}

/** An empty one is the field's. */
export function checkIndexName(name: string): void {
  if (name.trim() === "") return;
  const bad = (rule: string) => unexpected(`Invalid index name: ${name}. ${rule}`);
  if (name.length > LONGEST) throw bad(`The length of a index name must be less than ${LONGEST} characters.`);
  if (!/^[A-Za-z_]/.test(name))
    throw bad("The first character of a index name must be an underscore or letter.");
  if (!/^\w+$/.test(name)) throw bad("Index name cannot only contain numbers, letters, and underscores.");
}

export function checkDatabaseName(name: string): void {
  const bad = (rule: string) =>
    refusal(CODES.databaseInvalidName, `${rule}: invalid database name[database=${name}]`);
  if (name === "") throw bad("database name couldn't be empty");
  if (name.length > LONGEST)
    throw bad(`the length of a database name must be less than ${LONGEST} characters`);
  if (!/^[A-Za-z_]/.test(name))
    throw bad("the first character of a database name must be an underscore or letter");
  if (!/^\w+$/.test(name)) throw bad("database name can only contain numbers, letters and underscores");
}

export function checkUserName(name: string): void {
  checkPrincipal(name, "username", 32);
}

/** Roles, resource groups and what else is named with letters and digits from the first character on. */
export function checkPrincipal(name: string, what: string, longest = LONGEST): void {
  if (name.trim() === "") throw invalid(`${what} must be not empty`);
  if (name.length > longest) throw invalid(`invalid ${what} ${name} with length ${name.length}`);
  if (!/^[A-Za-z_]/.test(name))
    throw invalid(`invalid ${what} ${name}, the first character must be a letter`);
  if (!/^\w+$/.test(name))
    throw invalid(`invalid ${what} ${name}, it can only contain numbers, letters and underscores`);
}
