/** What the image of a run is built from: the frozen project together with the worker. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageSource, takenOf } from '../../../adapters/local/image-source/image-source.ts';
import { bucketLayout } from '../../../core/bucket/bucket-layout.ts';
import type { Config } from '../../../core/config/config.ts';
import { UsageError } from '../../../core/errors/errors.ts';
import { migrateDockerfile } from '../../../core/migrate/dockerfile.ts';
import { platformOf } from '../../../core/platform.ts';
import type { EksRequest } from '../../../core/run-store/request/draft.ts';
import type { Body } from '../../../core/store.ts';
import type { DraftTarget } from '../../../core/target.ts';
import type { PackedCode } from '../../../ports/runs.ts';
import { freezeFor } from '../../prepare-run.ts';
import type { Cloud } from '../cloud.ts';

export interface Source {
  /** SHA-256 over everything that the image is built from. */
  digest: string;
  /** What it takes of the project; absent when the project is not on this machine. */
  taken?: PackedCode;
  /** Lines for the user. */
  notices?: string[];
  /** The archive. */
  body(): Body;
}

/** @param project path of the frozen project @throws ProjectInvalid when the project refers to files that cannot be packed */
export type PackSource = (project: string, draft: { config: Config; target: DraftTarget }) => Promise<Source>;

export const packSource: PackSource = async (project, { config, target }) => {
  const source = await ImageSource.of({
    project,
    platform: platformOf(target.nodegroup.instanceType).imagePlatform,
    python: config.python,
    licence: config.solverLicenceFile,
    followLinks: config.followLinks ?? [],
    migrateDockerfile,
  });
  const { digest, taken, notices } = source;
  return { digest, taken, notices, body: () => source.archive() };
};

/**
 * What an image would take of the project as it is now; leaves nothing behind.
 * @param draft with the absolute path of the project
 * @throws ProjectInvalid when a link leads out of the project and `follow_links` does not name it
 */
export async function previewPackedCode(draft: { project: string; config: Config }): Promise<PackedCode> {
  const folder = await mkdtemp(join(tmpdir(), 'gcd-sfn-'));
  try {
    const { path } = await freezeFor({ folder }, draft);
    const { solverLicenceFile: licence, followLinks = [] } = draft.config;
    return (await takenOf({ project: path, licence, followLinks })).taken;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The request with the image that is built from this source. */
export function withImage(
  draft: Omit<EksRequest, 'target'> & { target: DraftTarget },
  { stack }: Pick<Cloud, 'stack'>,
  { digest }: Pick<Source, 'digest'>,
): EksRequest {
  // CodeBuild takes a source location as bucket/key.
  const source = `${stack.bucket}/${bucketLayout.source(digest)}`;
  return { ...draft, target: { ...draft.target, image: { digest, source } } };
}

/** @throws UsageError: an image is identified by its content, so the same files always make the same image */
export function refuseRenewal({ renewPackages }: { renewPackages?: boolean }): void {
  if (renewPackages)
    throw new UsageError(
      '--renew-packages is for runs on this machine: an image is made of what requirements.txt says',
      {
        hint: 'Write what you want there: the new version, or the commit behind the @ of a git repository.',
      },
    );
}
