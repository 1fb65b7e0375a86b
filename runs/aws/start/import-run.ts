/** Makes a run of the stack known to this project: one of a schedule, or one that was started on another machine. */
import { writeRemote } from '../../../adapters/local/runs/remote-file.ts';
import type { RunsFolder } from '../../../adapters/local/runs/runs-folder.ts';
import { bucketLayout } from '../../../core/bucket/bucket-layout.ts';
import type { Config } from '../../../core/config/config.ts';
import { loadConfig } from '../../../core/config/load-config.ts';
import { GcdError, NotFound, RunNotFound } from '../../../core/errors/errors.ts';
import { layout } from '../../../core/run-store/layout.ts';
import type { EksRequest } from '../../../core/run-store/request/draft.ts';
import { readRequest } from '../../../core/run-store/request/request.ts';
import type { Cloud } from '../cloud.ts';
import { eksRequest } from './eks-request.ts';

/**
 * Writes the run's folder, by which every command finds the run.
 * @throws RunNotFound when the stack has no such run, RequestInvalid when its request cannot be used
 */
export async function importRun(
  cloud: Cloud,
  runs: RunsFolder,
  run: string,
  onNotice: (line: string) => void,
): Promise<void> {
  const { project } = runs;
  const { name: stack, region, bucket } = cloud.stack;
  const store = cloud.store(bucketLayout.run(run));
  const found = await readRequest(store, run).catch((error) => {
    if (!(error instanceof NotFound)) throw error;
    throw new RunNotFound(`there is no run '${run}' in stack ${stack} in ${region}`, {
      hint: 'gcd-sfn status --stack lists the runs of the stack.',
    });
  });
  const own = await configOf(project);
  const request = withOwnBucket(eksRequest({ ...found, project }, `run ${run}`), own, onNotice);
  const held = await runs.create(run);
  try {
    const cluster = request.target.cluster.name;
    writeRemote(held.folder, { stack, region, bucket, cluster, seen: null });
    await held.store.write(layout.request, JSON.stringify(request, undefined, 2));
  } finally {
    held.release();
  }
}

/** @returns undefined when this project has no configuration that can be read */
const configOf = (project: string): Promise<Config | undefined> =>
  loadConfig(project).catch((error) => {
    if (error instanceof GcdError) return undefined;
    throw error;
  });

/**
 * Results are copied to `saved_bucket` with the permissions of the user here: a request of somebody else may name only the
 * bucket that this project names.
 */
function withOwnBucket(
  request: EksRequest,
  own: Config | undefined,
  onNotice: (line: string) => void,
): EksRequest {
  const { savedBucket, savedPathCloud } = request.config;
  const isOwn = own?.savedBucket === savedBucket && own.savedPathCloud === savedPathCloud;
  if (savedBucket === null || isOwn) return request;
  const place = `s3://${[savedBucket, savedPathCloud].filter((part) => part !== '').join('/')}`;
  onNotice(
    `run ${request.run} was started elsewhere: its results are not copied to ${place}, which config.yaml here does not name`,
  );
  return { ...request, config: { ...request.config, savedBucket: null } };
}
