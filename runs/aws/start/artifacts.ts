/** What a run on AWS needs in the stack's bucket besides its request. */
import { bucketLayout } from '../../../core/bucket/bucket-layout.ts';
import { type Body, exists } from '../../../core/store.ts';
import type { Cloud } from '../cloud.ts';

export interface RunArtifacts {
  /** The archive with this digest; `body` is called only when the bucket does not have it. */
  source: { digest: string; body(): Body };
  /** The content of the solver's licence file; null: it needs none. */
  licence: Uint8Array | null;
}

export async function uploadArtifacts(
  cloud: Cloud,
  run: string,
  { source, licence }: RunArtifacts,
): Promise<void> {
  await uploadSource(cloud, source);
  if (licence) await cloud.licences.put(run, licence);
}

/** Sources are named by their content: an existing one is the same. */
export async function uploadSource(cloud: Cloud, { digest, body }: RunArtifacts['source']): Promise<void> {
  const bucket = cloud.store('');
  const key = bucketLayout.source(digest);
  if (!(await exists(bucket, key))) await bucket.write(key, body());
}
