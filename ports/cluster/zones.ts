/** The places of a region in which machines can be. */

export interface Zone {
  /** What this account calls it, such as `us-east-1a`: another account may call another place so. */
  name: string;
  /** The same in every account: `use1-az1`. */
  id: string;
}

export interface Zones {
  /** Availability zones that this account can use. */
  list(): Promise<Zone[]>;
}
