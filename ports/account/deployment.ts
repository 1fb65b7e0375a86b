/** What is done to the stack. */

/** Something that will be done to a resource. */
export interface StackChange {
  /** `replace` makes a new one and removes the old one; `perhaps replace` depends on what others become. */
  what: 'add' | 'change' | 'replace' | 'perhaps replace' | 'remove';
  /** Name in the template. */
  resource: string;
  /** `AWS::EC2::VPC`. */
  type: string;
}

/** Something that happened to a resource, or to the stack itself. */
export interface StackStep {
  id: string;
  /** Name in the template; that of the stack for the stack itself. */
  resource: string;
  type: string;
  /** As CloudFormation names it: `CREATE_IN_PROGRESS`, `UPDATE_FAILED`, … */
  status: string;
  reason: string | null;
}
