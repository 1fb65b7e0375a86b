/** The template of an execution's pods: with the worker's share of its node, and with `pod` of config.yaml. */
import { ConfigInvalid } from '../../core/errors/errors.ts';
import { formatBytes } from '../../core/format/numbers.ts';
import type { ReservationSpec } from '../../ports/cluster/reservations.ts';
import { podTemplate } from './pod.ts';
import type { PodTemplate } from './types.ts';
import { withUserPod } from './user-pod.ts';
import { type Machine, shareOf, type WorkerShare } from './worker-share.ts';

export interface TemplateOptions {
  /** URI of the image. */
  image: string;
  /** The stack's bucket and its region. */
  bucket: string;
  region: string;
}

/** @throws ConfigInvalid when so many workers do not fit on a node, and for what `pod` must not say */
export function workerTemplate(
  reservation: ReservationSpec,
  machine: Machine,
  options: TemplateOptions,
): PodTemplate {
  const share = shareFor(reservation, machine);
  return withUserPod(podTemplate({ reservation, share, ...options }), reservation.pod.patch, share);
}

/** @throws ConfigInvalid when so many workers do not fit on a node */
function shareFor({ workersPerNode, nodegroup, pod }: ReservationSpec, machine: Machine): WorkerShare {
  const share = shareOf(machine, workersPerNode);
  const workers = `${workersPerNode} workers on a node of ${nodegroup} (${machine.vcpus} vCPUs, ${formatBytes(machine.memoryBytes)}, ${machine.diskGiB} GiB of disk)`;
  if (!share)
    throw new ConfigInvalid(`no room for ${workers}`, {
      hint: 'Lower workers_per_node in config.yaml, or use a larger instance_type; volumeSize in cluster.yaml is the disk.',
    });
  if (pod.memoryBytes !== null && pod.memoryBytes > share.memoryBytes)
    throw new ConfigInvalid(
      `memory_per_worker is ${formatBytes(pod.memoryBytes)}, but each of ${workers} can have only ${formatBytes(share.memoryBytes)}`,
      { hint: 'Lower memory_per_worker or workers_per_node in config.yaml, or use a larger instance_type.' },
    );
  return share;
}
