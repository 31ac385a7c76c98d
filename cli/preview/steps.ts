/** What a preview of the engine's says. */

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
