/** What AWS asks for, in US dollars without taxes. */

export interface PriceList {
  /** The day it was asked for, `2026-11-22`; of the oldest one when some come from the bundled list. */
  date: string;
  /** All from AWS itself, or some from the list that comes with this version. */
  source: 'aws' | 'bundled';
  /** Whose prices they are: the bundled list has one region for all. */
  region: string;
  /** Of one instance of the type, on demand or spot as asked; a spot price that nobody can say is that on demand. */
  instanceHour: number;
  instanceVcpus: number;
  /** A burstable type that is kept busy costs this much more for each vCPU hour; 0 for all others. */
  burstVcpuHour: number;
  bastionHour: number;
  clusterHour: number;
  /** Of gp3. */
  diskGiBMonth: number;
  publicAddressHour: number;
  buildMinute: number;
  transition: number;
  queueRequest: number;
  storeWrite: number;
  /** Of S3 Standard. */
  storeGiBMonth: number;
  /** Of a function on arm64: a second with a GiB of memory. */
  functionSecond: number;
}

export interface Prices {
  /**
   * @param instanceType such as `m6i.large`
   * @throws NotFound when there is no such type in the region, or nobody can say its price
   */
  list(region: string, instanceType: string, spot: boolean): Promise<PriceList>;
}
