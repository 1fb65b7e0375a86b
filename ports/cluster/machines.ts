/** Running EC2 instances, which cost by the hour. */

export interface RunningMachine {
  cluster: string;
  /** Null for the bastion. */
  nodegroup: string | null;
  /** Such as `m6i.large`. */
  instanceType: string;
  spot: boolean;
  /** Seconds since 1970. */
  since: number;
  diskGiB: number;
}
