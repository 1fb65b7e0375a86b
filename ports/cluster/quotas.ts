/** Quotas of an account, their use, and the availability of instance types. Read only. */

export interface QuotaSpec {
  /** Service code: `ec2`. */
  service: string;
  /** `L-1216C47A`; null: found by its name. */
  code: string | null;
  /** Name in Service Quotas; with a code, for messages only. */
  name: string;
}

export interface Quota {
  service: string;
  code: string;
  name: string;
  limit: number;
}

/** An instance that is running or starting. */
export interface MachineInUse {
  instanceType: string;
  vcpus: number;
  spot: boolean;
  /** The cluster that it is a node of; null: none. */
  cluster: string | null;
}

export interface Offer {
  vcpus: number;
  /** As EC2 states it. */
  memoryBytes: number;
  /** Maximum of pods on a node of this type in EKS. */
  maxPods: number;
  /** Whether AWS's free plan allows it. */
  freePlan: boolean;
  /** Ids of the subnets' zones, and of those that offer the type. */
  zones: string[];
  offeredIn: string[];
}

export interface Quotas {
  /**
   * The account's value; else AWS's default.
   * @throws NotFound if the quota does not exist; AccessDenied, Throttled, Unreachable
   */
  quota(wanted: QuotaSpec): Promise<Quota>;
  /** All instances of the region. @throws AccessDenied, Throttled, Unreachable */
  machines(): Promise<MachineInUse[]>;
  /** @throws NotFound if the region does not have the type, or a subnet was deleted; AccessDenied, Throttled, Unreachable */
  offer(instanceType: string, subnetIds: string[]): Promise<Offer>;
  /** Number of VPCs of the region. @throws AccessDenied, Throttled, Unreachable */
  networks(): Promise<number>;
}
