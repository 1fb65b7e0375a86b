/** Changes and events of a deployment of the stack. */

/** A planned change of a resource. */
export interface StackChange {
  /** `replace`: delete and create; `perhaps replace`: depends on other changes. */
  what: 'add' | 'change' | 'replace' | 'perhaps replace' | 'remove';
  /** Name in the template. */
  resource: string;
  /** `AWS::EC2::VPC`. */
  type: string;
}

/** An event of a resource, or of the stack itself. */
export interface StackStep {
  id: string;
  /** Name in the template; that of the stack for the stack itself. */
  resource: string;
  type: string;
  /** CloudFormation's: `CREATE_IN_PROGRESS`, `UPDATE_FAILED`, … */
  status: string;
  reason: string | null;
}
