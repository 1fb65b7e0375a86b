/** Availability zones of a region. */

export interface Zone {
  /** This account's name, such as `us-east-1a`; in another account it may be another zone. */
  name: string;
  /** The same in every account: `use1-az1`. */
  id: string;
}

export interface Zones {
  /** Zones that this account can use. */
  list(): Promise<Zone[]>;
}
