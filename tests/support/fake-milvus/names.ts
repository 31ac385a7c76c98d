/** What Milvus accepts as a name: internal/proxy/util.go, one check per kind of object, each with words of its own. */
import { CODES, invalid, refusal, unexpected } from "./status";
import type { World } from "./world";

const LONGEST = 255;
const LONGEST_USER = 32;

const startsWell = (name: string): boolean => /^[A-Za-z_]/.test(name);
const isWord = (name: string): boolean => /^\w+$/.test(name);

/** The character that Go would print, by its first byte. */
function firstByte(name: string): number {
  return Buffer.from(name)[0] ?? 0;
}

function firstWrong(name: string, allowed: RegExp): { readonly at: number; readonly character: string } {
  const at = [...name].findIndex((character) => !allowed.test(character));
  return { at, character: [...name][at] ?? "" };
}

/** A slip that was put right by 2.5.27. */
const can = (world: World): string => (world.isFrom("2.5") ? "can" : "cannot");

/** Collections and aliases: `what` is "collection name" or "collection alias". */
export function checkCollectionName(world: World, given: string, what = "collection name"): void {
  // Spaces count from 2.5.27 on at the latest.
  const name = world.isFrom("2.5") ? given : given.trim();
  if (name === "") throw invalid(`${what} should not be empty`);
  const bad = (rule: string) => invalid(`Invalid ${what}: ${name}. ${rule}`);
  if (name.length > LONGEST) throw bad(`the length of a ${what} must be less than ${LONGEST} characters`);
  if (!startsWell(name)) throw bad(`the first character of a ${what} must be an underscore or letter`);
  if (!isWord(name)) throw bad(`${what} can only contain numbers, letters and underscores`);
}

/** One may start with a number, whatever the message says. */
export function checkPartitionName(world: World, given: string): void {
  const name = given.trim();
  const bad = (rule: string) => unexpected(`Invalid partition name: ${name}. ${rule}`);
  if (name === "") throw bad("Partition name should not be empty.");
  if (name.length > LONGEST)
    throw bad(`The length of a partition name must be less than ${LONGEST} characters.`);
  if (!/^\w/.test(name))
    throw bad("The first character of a partition name must be an underscore or letter.");
  // Hyphens from 2.5.27 on at the latest, whatever the message says.
  if (!(world.isFrom("2.5") ? /^[\w-]+$/ : /^\w+$/).test(name))
    throw bad("Partition name can only contain numbers, letters and underscores.");
}

export function checkFieldName(world: World, given: string): void {
  const name = given.trim();
  const bad = (rule: string) => refusal(CODES.fieldInvalidName, `${rule}: field name invalid[field=${name}]`);
  if (name === "") throw bad("field name should not be empty");
  const start = `Invalid field name: ${name}. `;
  if (name.length > LONGEST)
    throw bad(`${start}The length of a field name must be less than ${LONGEST} characters.`);
  if (!startsWell(name))
    throw bad(`${start}The first character of a field name must be an underscore or letter.`);
  if (!isWord(name))
    throw bad(`${start}Field name ${can(world)} only contain numbers, letters, and underscores.`);
}

/** An empty one is the field's. */
export function checkIndexName(world: World, given: string): void {
  const name = given.trim();
  if (name === "") return;
  const bad = (rule: string) => unexpected(`Invalid index name: ${name}. ${rule}`);
  if (name.length > LONGEST) throw bad(`The length of a index name must be less than ${LONGEST} characters.`);
  if (!startsWell(name)) throw bad("The first character of a index name must be an underscore or letter.");
  if (!isWord(name)) throw bad(`Index name ${can(world)} only contain numbers, letters, and underscores.`);
}

export function checkDatabaseName(name: string): void {
  const bad = (rule: string) =>
    refusal(CODES.databaseInvalidName, `${rule}: invalid database name[database=${name}]`);
  if (name === "") throw bad("database name couldn't be empty");
  if (name.length > LONGEST)
    throw bad(`the length of a database name must be less than ${LONGEST} characters`);
  if (!startsWell(name)) throw bad("the first character of a database name must be an underscore or letter");
  if (!isWord(name)) throw bad("database name can only contain numbers, letters and underscores");
}

export function checkUserName(world: World, given: string): void {
  const name = given.trim();
  if (name === "") throw invalid("username must be not empty");
  // The mistakes in the numbers are Milvus's.
  if (name.length > LONGEST_USER)
    throw invalid(
      `invalid username ${name} with length ${name.length}, the length of username must be less than ` +
        (world.isFrom("2.6") ? String(LONGEST_USER) : `%!d(string=${LONGEST_USER})`),
    );
  if (!/^[A-Za-z]/.test(name))
    throw invalid(
      `invalid user name ${name}, the first character must be a letter, but got ` +
        (world.isFrom("2.5") ? String.fromCharCode(firstByte(name)) : `%!s(uint8=${firstByte(name)})`),
    );
  // Dots and hyphens from 2.6.19 on at the latest.
  const { character } = firstWrong(name, world.isFrom("2.6") ? /[\w.-]/ : /\w/);
  const allowed = world.isFrom("2.6") ? "letters, underscores, dots, and hyphens" : "letters and underscores";
  if (character)
    throw invalid(
      `invalid user name ${name}, username must contain only numbers, ${allowed}, but got ` +
        `%!s(uint8=${firstByte(character)})`,
    );
}

/** Roles, and what a grant names: `empty` is what is said of an empty one. */
export function checkRoleName(world: World, given: string, empty = "role name"): void {
  const name = given.trim();
  if (name === "")
    throw refusal(
      CODES.invalidParameter,
      `${empty} should be not empty: invalid parameter[expected=not empty][actual=]`,
    );
  if (name.length > LONGEST)
    throw refusal(
      CODES.invalidParameter,
      `the length of ${empty} must be not greater than limit: ` +
        `invalid parameter[${name.length} out of range 0 <= value <= ${LONGEST}]`,
    );
  if (!startsWell(name))
    throw refusal(
      CODES.invalidParameter,
      `the first character of ${empty} must be an underscore or letter: ` +
        `invalid parameter[expected=95][actual=${firstByte(name)}]`,
    );
  const { at, character } = firstWrong(name, /[\w$]/);
  const allowed = world.isFrom("2.6")
    ? "letters, underscores, and allowed characters ($)"
    : "letters, dollars and underscores";
  if (character)
    throw invalid(`${empty} can only contain numbers, ${allowed}, found ${character.trim()} at ${at}`);
}

export function checkResourceGroupName(world: World, name: string): void {
  if (name === "" && world.isFrom("2.6"))
    throw refusal(CODES.missingParameter, "resource group name couldn't be empty: missing parameter");
  if (name === "") throw unexpected("resource group name couldn't be empty");
  const bad = (rule: string) => invalid(`Invalid resource group name ${name}. ${rule}`);
  if (name.length > LONGEST)
    throw bad(`the length of a resource group name must be less than ${LONGEST} characters`);
  if (!startsWell(name))
    throw bad("the first character of a resource group name must be an underscore or letter");
  if (!isWord(name)) throw bad("resource group name can only contain numbers, letters and underscores");
}
