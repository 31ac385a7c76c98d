import { enumerated, type Report, type Shape, show, string } from "../../core/shapes";
import { couldBeGroup, misspeltPrivilege, PRIVILEGE_NAMES } from "../../milvus/privileges";

/** The name of a privilege; the rule says what else it may be. */
export function privilegeShape(rule: string): Shape<string> {
  return enumerated(string({ pattern: /^[A-Za-z_]\w*$/, rule }), {
    typeName: "Privilege",
    doc: "Privileges and built-in groups of them. Milvus: https://milvus.io/docs/grant_privileges.md",
    known: PRIVILEGE_NAMES,
  });
}

/** Names that are like none are those of privilege groups, or of privileges of a newer Milvus. */
export function checkPrivilege(path: string, privilege: string, report: Report, warn: Report): void {
  const meant = misspeltPrivilege(privilege);
  if (meant === undefined) return;
  const reason = `Milvus has no privilege ${show(privilege)}; did you mean ${show(meant)}?`;
  if (couldBeGroup(privilege, meant)) warn(path, `${reason} It counts as a privilege group`);
  else report(path, reason);
}
