/** What a preview of the engine's says. */
import { isSecret } from "../../provider/engines/plugin/marks";

/** What stands there in place of a secret. */
export const HIDDEN = "[secret]";

/** Whether a value is a secret or has one in it: as a preview hides it, or as a state marks it. */
export function holdsSecret(value: unknown): boolean {
  if (value === HIDDEN || isSecret(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSecret);
}

/** `pulumi preview --json`, as far as it is used here. */
export interface Preview {
  readonly steps?: readonly Step[];
  readonly diagnostics?: readonly {
    readonly severity: string;
    readonly message: string;
    readonly urn?: string;
  }[];
}

export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: StepState;
  readonly newState?: StepState;
  readonly replaceReasons?: readonly string[];
  readonly diffReasons?: readonly string[];
}

export interface StepState {
  readonly type: string;
  readonly id?: string;
  readonly provider?: string;
  readonly retainOnDelete?: boolean;
  /** The urn of the resource with which it goes without a drop of its own. */
  readonly deletedWith?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}
