/** Makes a run of the stack known in this project: one of a schedule, or one that was begun on another machine. */
import { writeRemote } from '../../adapters/local/runs/remote-file.ts';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import type { EksRequest } from '../../cloud/begin.ts';
import { readJson } from '../../functions/status/counts.ts';
import { bucketLayout } from '../../ports/bucket-layout.ts';
import { RunNotFound } from '../../ports/errors.ts';
import { layout } from '../../ports/layout.ts';
import { type Connect, connect } from './connect.ts';
import { type CloudOptions, stackName } from './options.ts';

/**
 * From then on every command takes it by its name. One that is known here stays as it is.
 * @param project absolute path
 * @throws RunNotFound when the stack has no such run
 */
export async function adopt(
  runs: RunsFolder,
  project: string,
  run: string,
  options: CloudOptions,
  connectTo: Connect = connect,
): Promise<void> {
  if ((await runs.names()).includes(run)) return;
  const cloud = await connectTo({ stack: stackName(options), region: options.region ?? null });
  const { name: stack, region, bucket } = cloud.stack;
  const store = cloud.store(bucketLayout.run(run));
  const request = await readJson<EksRequest>(store, layout.request);
  if (request?.target?.kind !== 'eks')
    throw new RunNotFound(`there is no run '${run}' in stack ${stack} in ${region}`, {
      mend: 'gcd-sfn status --stack lists those that there are.',
    });
  const held = await runs.create(run);
  try {
    const cluster = request.target.cluster.name;
    writeRemote(held.folder, { stack, region, bucket, cluster, seen: null });
    await held.store.write(layout.request, JSON.stringify({ ...request, project }, undefined, 2));
  } finally {
    held.release();
  }
}
