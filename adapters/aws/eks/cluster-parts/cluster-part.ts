/** A part of a cluster, see `clusterParts`. */
export interface Part {
  /** Whether it is complete. */
  isThere(cluster: PartOf): Promise<boolean>;
  /** Creates or repairs it; what works stays as it is. */
  put(cluster: PartOf): Promise<void>;
}

/** The cluster of a part. */
export interface PartOf {
  name: string;
  arn: string;
  /** The part gets them, too. */
  tags: Record<string, string>;
}

/** Two parts as one, in this order. */
export const joined = (one: Part, other: Part): Part => ({
  isThere: async (cluster) => (await one.isThere(cluster)) && (await other.isThere(cluster)),
  put: async (cluster) => {
    await one.put(cluster);
    await other.put(cluster);
  },
});
