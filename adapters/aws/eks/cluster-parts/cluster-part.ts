/** A part of a cluster: see clusterParts. */

export interface PartOf {
  /** The cluster's. */
  name: string;
  arn: string;
  /** The cluster's: what is put there gets them, too. */
  tags: Record<string, string>;
}

/** Two of them as one: the first comes first. */
export const joined = (one: Part, other: Part): Part => ({
  isThere: async (cluster) => (await one.isThere(cluster)) && (await other.isThere(cluster)),
  put: async (cluster) => {
    await one.put(cluster);
    await other.put(cluster);
  },
});

export interface Part {
  isThere(cluster: PartOf): Promise<boolean>;
  /** Puts it there, or hints it; what is there and works is left as it is. */
  put(cluster: PartOf): Promise<void>;
}
