/** A part of a cluster: see clusterParts. */

export interface PartOf {
  /** The cluster's. */
  name: string;
  arn: string;
  /** The cluster's: what is put there gets them, too. */
  tags: Record<string, string>;
}

export interface Part {
  isThere(cluster: PartOf): Promise<boolean>;
  /** Puts it there, or mends it; what is there and works is left as it is. */
  put(cluster: PartOf): Promise<void>;
}
