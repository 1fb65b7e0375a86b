/** Whether a node has room for the workers that a run wants. */
import { workerTemplate } from '../../../adapters/kubernetes/worker-template.ts';
import { GcdError } from '../../../core/errors/errors.ts';
import type { EksDraft } from '../../../core/run-store/request/draft.ts';
import { podOf } from '../../../functions/workers/reserve-workers.ts';
import type { Cloud } from '../cloud.ts';

/**
 * Asks what ReserveWorkers will ask, before image, cluster and nodes are made. Without an answer about the instance type,
 * nothing is refused.
 * @throws ConfigInvalid for more workers, memory or requests than fit, and for what `pod` must not say
 */
export async function checkWorkersFit(
  { quotas, stack }: Pick<Cloud, 'quotas' | 'stack'>,
  { run, config, target }: EksDraft,
): Promise<void> {
  const { nodegroup, workersPerNode, nodes, cluster } = target;
  const offer = await quotas.offer(nodegroup.instanceType, []).catch((error) => {
    if (error instanceof GcdError) return undefined;
    throw error;
  });
  if (!offer) return;
  const reservation = {
    ...{ run, execution: run, cluster: cluster.name, nodegroup: nodegroup.name, nodes, workersPerNode },
    ...{ slots: nodes * workersPerNode, image: '', queueUrl: '', pod: podOf(config) },
  };
  const { bucket, region } = stack;
  workerTemplate(reservation, { ...offer, diskGiB: nodegroup.diskGiB }, { image: '', bucket, region });
}
