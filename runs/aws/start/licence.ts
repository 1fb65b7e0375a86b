/** The solver's licence file of a run on a cluster. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { refuseLicenceWithoutTarget } from '../../../core/config/cluster-data.ts';
import type { Config } from '../../../core/config/config.ts';
import { ProjectInvalid, UsageError } from '../../../core/errors/errors.ts';
import type { EksRequest } from '../../../core/run-store/request/draft.ts';

/** @returns the file's content; null when config.yaml names none @throws ProjectInvalid, UsageError */
export async function readLicence(config: Config): Promise<Uint8Array | null> {
  refuseLicenceWithoutTarget(config);
  const { solverLicenceFile: path } = config;
  if (path === null) return null;
  return readFile(path).catch((error) => {
    throw new ProjectInvalid(`the licence file ${path} cannot be read: ${error.code}`, {
      hint: 'Correct solver_lic_file_local_source in config.yaml.',
      cause: error,
    });
  });
}

/**
 * The licence for a run that is resumed. Only a request that was made here may name a file of this machine: one from the
 * stack could name any.
 * @param isFromHere whether the run was started here
 * @param given path that the user named
 * @throws UsageError when the run needs a licence file that nobody named here
 */
export async function licenceToResume(
  { run, config }: Pick<EksRequest, 'run' | 'config'>,
  isFromHere: boolean,
  given: string | undefined,
): Promise<Uint8Array | null> {
  if (given !== undefined) return readLicence({ ...config, solverLicenceFile: resolve(given) });
  if (!isFromHere && config.solverLicenceFile !== null)
    throw new UsageError(`run ${run} needs a licence file, and was started elsewhere`, {
      hint: `Name yours: gcd-sfn resume ${run} --licence FILE`,
    });
  return readLicence(config);
}
