/** The one place where `start` decides between this machine and a cluster. */
import { newLocalRun } from './new-local-run.ts';
import type { NewRun } from './new-run.ts';
import type { StartOptions } from './options.ts';
import type { StartParts } from './parts.ts';

/** @throws for options and projects that cannot be run there */
export async function newRun(options: StartOptions, parts: StartParts): Promise<NewRun> {
  if (options.cluster === 'local') return newLocalRun(options);
  // Everything about AWS is loaded here and not before.
  const { newClusterRun } = await import('./new-cluster-run.ts');
  return newClusterRun(options, parts);
}
