/** Container images with a project and its packages, found by the digest of what they are made from. */

export interface ImageSpec {
  /** SHA-256 over everything that the image is made from. */
  digest: string;
  /** Where the frozen project lies: bucket and key of its archive, as `bucket/key`. */
  source: string;
  /** As `docker build --platform` names it. */
  platform: string;
}

/** The newest build of a digest; `lines` are the last of its log. */
export type BuildStatus =
  | { state: 'none' }
  | { state: 'building' }
  | { state: 'succeeded' }
  | { state: 'failed'; lines: string[] };

export interface Images {
  /** Name of the image by which nodes pull it; undefined when it is not there. */
  find(digest: string): Promise<string | undefined>;
  status(digest: string): Promise<BuildStatus>;
  /** Begins a build; one of the same digest that is under way is left to it. */
  build(wanted: ImageSpec): Promise<void>;
  /** One that is not there is no error. */
  remove(digest: string): Promise<void>;
}
