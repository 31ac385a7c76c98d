import { type Report, show } from "../../core/shapes";
import { couldBeGroup, misspeltPrivilege } from "../../milvus/privileges";

/** Names that are like none are those of privilege groups, or of privileges of a newer Milvus. */
export function checkPrivilege(path: string, privilege: string, report: Report, warn: Report): void {
  const meant = misspeltPrivilege(privilege);
  if (meant === undefined) return;
  const reason = `Milvus has no privilege ${show(privilege)}; did you mean ${show(meant)}?`;
  if (couldBeGroup(privilege, meant)) warn(path, `${reason} It counts as a privilege group`);
  else report(path, reason);
}
