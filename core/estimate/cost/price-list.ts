/** Prices of AWS, in US dollars without taxes. */
export interface PriceList {
  /** Date of the prices, `2026-11-22`; of the oldest, if some come from the bundled list. */
  date: string;
  /** `bundled`: some are from the list that comes with this version. */
  source: 'aws' | 'bundled';
  /** Region of the prices: the bundled list has one for all. */
  region: string;
  /** Of one instance, on demand or spot; an unknown spot price counts as on demand. */
  instanceHour: number;
  instanceVcpus: number;
  /** Surcharge for each vCPU hour of a busy burstable type; 0 for all others. */
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
