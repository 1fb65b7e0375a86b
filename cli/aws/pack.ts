/** Packs a frozen project together with the worker: what a run's image is made from. */
import { ImageSource } from '../../adapters/local/image-source/image-source.ts';
import { migrateDockerfile } from '../../core/migrate/dockerfile.ts';
import { platformOf } from '../../core/platform.ts';
import type { PackSource } from './source.ts';

/** @throws ProjectInvalid when the project refers to what cannot be taken along */
export const pack: PackSource = async (project, { config, target }) => {
  const source = await ImageSource.of({
    project,
    platform: platformOf(target.nodegroup.instanceType).imagePlatform,
    python: config.python,
    licence: config.solverLicenceFile,
    followLinks: config.followLinks ?? [],
    migrateDockerfile,
  });
  for (const notice of source.notices) console.error(notice);
  return { digest: source.digest, taken: source.taken, body: () => source.archive() };
};
