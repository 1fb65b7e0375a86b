/** What an account may have, what of it is in use, and which machines are to be had. Everything is only looked at. */

export interface QuotaSpec {
  /** As Service Quotas names it: `ec2`. */
  service: string;
  /** `L-1216C47A`; null: found by its name. */
  code: string | null;
  /** As Service Quotas shows it; with a code, for people only. */
  name: string;
}

export interface Quota {
  service: string;
  code: string;
  name: string;
  limit: number;
}

/** A machine that runs, or starts. */
export interface MachineInUse {
  instanceType: string;
  vcpus: number;
  spot: boolean;
  /** The cluster whose node it is; null: it is none. */
  cluster: string | null;
}

export interface Offer {
  vcpus: number;
  /** Whether accounts of AWS's free plan may have it. */
  freePlan: boolean;
  /** Zones of the subnets that were named, by their ids, and those of them that offer the type. */
  zones: string[];
  offeredIn: string[];
}

export interface Quotas {
  /**
   * The account's own value; AWS's default where the account has none of its own.
   * @throws NotFound when there is no such quota; AccessDenied, Throttled, Unreachable
   */
  quota(wanted: QuotaSpec): Promise<Quota>;
  /** All of the region, whoever made them. @throws AccessDenied, Throttled, Unreachable */
  machines(): Promise<MachineInUse[]>;
  /** @throws NotFound when the region has no such type, or a subnet is gone; AccessDenied, Throttled, Unreachable */
  offer(instanceType: string, subnetIds: string[]): Promise<Offer>;
  /** Networks of the region. @throws AccessDenied, Throttled, Unreachable */
  networks(): Promise<number>;
}
