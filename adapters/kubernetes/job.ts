/** The Job that an execution's reservation is. */
import type { V1Job, V1Pod, V1PodTemplateSpec, V1ServiceAccount } from '@kubernetes/client-node';
import type { Reservation, ReservationSpec } from '../../ports/cluster/reservations.ts';
import { label, namespace } from './names.ts';
import { isGivenUp, problemsOf } from './problems.ts';

/** Times that a slot gets another pod after one failed for another reason than a lost node. */
const replacements = 4;
/** Seconds that a Job whose workers all ended stays to be looked at, should nobody end it. */
const keptSeconds = 3600;

const annotation = {
  nodes: 'gcd-sfn/nodes',
  slots: 'gcd-sfn/slots',
  workersPerNode: 'gcd-sfn/workers-per-node',
  image: 'gcd-sfn/image',
} as const;

/** Suspended: until it is started, it only stands in the ledger. */
export function jobOf(wanted: ReservationSpec, template: V1PodTemplateSpec): V1Job {
  const { execution, nodes, slots, workersPerNode, image } = wanted;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: execution,
      namespace,
      labels: template.metadata?.labels,
      annotations: {
        [annotation.nodes]: String(nodes),
        [annotation.slots]: String(slots),
        [annotation.workersPerNode]: String(workersPerNode),
        [annotation.image]: image,
      },
    },
    spec: {
      suspend: true,
      completionMode: 'Indexed',
      completions: slots,
      parallelism: slots,
      backoffLimitPerIndex: replacements,
      // A lost or reclaimed node is nobody's fault.
      podFailurePolicy: {
        rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
      },
      podReplacementPolicy: 'Failed',
      ttlSecondsAfterFinished: keptSeconds,
      template,
    },
  };
}

/**
 * Who the workers of a reservation are: an account of their own. Kubernetes removes it once the Job is gone, which is
 * after its last pod.
 */
export function accountOf({ metadata }: V1Job): V1ServiceAccount {
  const { name = '', uid = '', labels } = metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      ...{ name, namespace, labels },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name, uid }],
    },
    automountServiceAccountToken: false,
  };
}

/** Whether it has begun, and some of its workers are not ready. */
export const isIncomplete = ({ metadata, spec, status }: V1Job): boolean =>
  !metadata?.deletionTimestamp && !spec?.suspend && (status?.ready ?? 0) < (spec?.completions ?? 1);

/** @param pods of those of this Job, as many as tell what is wrong with them; none when nothing is */
export function reservationOf(job: V1Job, pods: V1Pod[], cluster: string): Reservation {
  const {
    labels = {},
    annotations = {},
    creationTimestamp,
    deletionTimestamp,
    name = '',
  } = job.metadata ?? {};
  return {
    run: labels[label.run] ?? '',
    execution: labels[label.execution] ?? name,
    cluster,
    nodegroup: labels[label.nodegroup] ?? '',
    nodes: Number(annotations[annotation.nodes]),
    slots: Number(annotations[annotation.slots]),
    at: seconds(creationTimestamp) ?? 0,
    state: stateOf(job, pods),
    stoppingSince: seconds(deletionTimestamp) ?? null,
    // Of one that is being ended the Job does not count any more.
    workers: { ready: deletionTimestamp ? 0 : (job.status?.ready ?? 0), problems: problemsOf(pods) },
  };
}

function stateOf({ metadata, spec, status }: V1Job, pods: V1Pod[]): Reservation['state'] {
  if (metadata?.deletionTimestamp) return 'stopping';
  const failed = status?.conditions?.some(
    ({ type, status: is }) => (type === 'Failed' || type === 'FailureTarget') && is === 'True',
  );
  const isHopeless = !status?.ready && pods.length > 0 && pods.every(isGivenUp);
  if (failed || isHopeless) return 'failed';
  return spec?.suspend ? 'reserved' : 'started';
}

const seconds = (date: Date | undefined) => (date === undefined ? undefined : date.getTime() / 1000);
