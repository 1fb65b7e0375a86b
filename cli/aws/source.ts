/** What a run's image is made from. */
import type { Taken } from '../../adapters/local/image-source/image-source.ts';
import { bucketLayout } from '../../core/bucket/bucket-layout.ts';
import type { Config } from '../../core/config/config.ts';
import type { Body } from '../../core/store.ts';
import type { EksTarget } from '../../core/target.ts';
import type { EksRequest } from '../../runs/aws/begin.ts';
import type { Cloud } from '../../runs/aws/cloud.ts';

export interface Source {
  /** SHA-256 over everything that the image is made from. */
  digest: string;
  /** What it takes of the project; absent when that is not known here. */
  taken?: Taken;
  /** The archive. */
  body(): Body;
}

/** @param project path of the frozen project */
export type PackSource = (project: string, wanted: { config: Config; target: EksTarget }) => Promise<Source>;

/** The request with the image that is made from this source. */
export function withImage(request: EksRequest, cloud: Cloud, { digest }: Source): EksRequest {
  // As CodeBuild is told where it lies.
  const source = `${cloud.stack.bucket}/${bucketLayout.source(digest)}`;
  return { ...request, target: { ...request.target, image: { digest, source } } };
}
