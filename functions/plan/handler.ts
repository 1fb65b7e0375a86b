import { ownRole } from '../../adapters/aws/client/settings.ts';
import { OpenBucket } from '../../adapters/aws/s3/index.ts';
import { copiedPlace } from '../../core/bucket/copied-data.ts';
import { clusterData } from '../../core/config/cluster-data.ts';
import { cloudRun, type OfData, refuseOwnBucket } from '../lambda/cloud-run.ts';
import { runEvent } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { bucketStores } from '../lambda/ports.ts';
import { setting } from '../lambda/settings.ts';
import { CopiedData } from './files/copied-data-store.ts';
import { type PlanPorts, planInSteps } from './plan.ts';

/** Of the function's 15 minutes; the rest is for writing the plan once all files are read. */
const readingMillis = 9 * 60 * 1000;

export const handler = lambda('PlanTasks', runEvent, async ({ run }) => {
  const until = performance.now() + readingMillis;
  const { request, store, project } = await cloudRun(run);
  const ports = { store, project, ...(await dataOf(request)) };
  const step = await planInSteps({ ...ports, over: () => performance.now() >= until })(request);
  return step.state === 'ready' ? { state: step.state, tasks: step.tasks, batches: step.batches } : step;
});

/**
 * The store with a run's data files, by keys relative to data_bucket; of copied data also the keys by which workers read
 * them.
 * @throws UsageError if data_bucket is not in S3, or is the stack's own
 */
async function dataOf(request: OfData): Promise<Pick<PlanPorts, 'data' | 'keys'>> {
  const own = setting('bucketName');
  refuseOwnBucket(request, own);
  const copied = copiedPlace(request.config.dataBucket, own);
  if (copied) {
    const data = await CopiedData.open((await bucketStores())(''), copied);
    return { data, keys: data.keys };
  }
  const { bucket, prefix } = clusterData(request.config);
  return { data: new OpenBucket(ownRole, bucket, request.config.dataAccess).store(prefix) };
}
