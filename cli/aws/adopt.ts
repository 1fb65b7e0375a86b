/** Makes a run of the stack known in this project: one of a schedule, or one that was begun on another machine. */
import { writeRemote } from '../../adapters/local/runs/remote-file.ts';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { bucketLayout } from '../../core/bucket/bucket-layout.ts';
import type { Config } from '../../core/config/config.ts';
import { loadConfig } from '../../core/config/load-config.ts';
import { GcdError, NotFound, RunNotFound } from '../../core/errors/errors.ts';
import { layout } from '../../core/run-store/layout.ts';
import { readRequest } from '../../core/run-store/request/request.ts';
import { type EksRequest, eksRequest } from '../../runs/aws/begin.ts';
import { type Connect, connect } from './connect.ts';
import { type StackOptions, stackName } from './options.ts';

/**
 * From then on every command takes it by its name. One that is known here stays as it is.
 * @param project absolute path
 * @throws RunNotFound when the stack has no such run, RequestInvalid when its request cannot be used
 */
export async function adopt(
  runs: RunsFolder,
  project: string,
  run: string,
  options: StackOptions,
  connectTo: Connect = connect,
): Promise<void> {
  if ((await runs.names()).includes(run)) return;
  const cloud = await connectTo({ stack: stackName(options), region: options.region ?? null });
  const { name: stack, region, bucket } = cloud.stack;
  const store = cloud.store(bucketLayout.run(run));
  const found = await readRequest(store, run).catch((error) => {
    if (!(error instanceof NotFound)) throw error;
    throw new RunNotFound(`there is no run '${run}' in stack ${stack} in ${region}`, {
      hint: 'gcd-sfn status --stack lists those that there are.',
    });
  });
  const request = withOwnBucket(eksRequest({ ...found, project }, `run ${run}`), await configOf(project));
  const held = await runs.create(run);
  try {
    const cluster = request.target.cluster.name;
    writeRemote(held.folder, { stack, region, bucket, cluster, seen: null });
    await held.store.write(layout.request, JSON.stringify(request, undefined, 2));
  } finally {
    held.release();
  }
}

/** What this project says; undefined when it has no configuration that can be read. */
const configOf = (project: string): Promise<Config | undefined> =>
  loadConfig(project).catch((error) => {
    if (error instanceof GcdError) return undefined;
    throw error;
  });

/**
 * Results are copied to `saved_bucket` with the permissions of whoever brings them: a request of somebody else names none
 * that this project does not name, too.
 */
function withOwnBucket(request: EksRequest, own: Config | undefined): EksRequest {
  const { savedBucket, savedPathCloud } = request.config;
  const isOwn = own?.savedBucket === savedBucket && own.savedPathCloud === savedPathCloud;
  if (savedBucket === null || isOwn) return request;
  const place = `s3://${[savedBucket, savedPathCloud].filter((part) => part !== '').join('/')}`;
  console.error(
    `run ${request.run} was begun elsewhere: its results are not copied to ${place}, which config.yaml here does not name`,
  );
  return { ...request, config: { ...request.config, savedBucket: null } };
}
