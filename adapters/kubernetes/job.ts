/** The Job of an execution: its reservation in the ledger, and the controller of its workers' pods. */
import { graceSeconds } from '../../core/config/schema/pod-fields.ts';
import type { Reservation, ReservationSpec } from '../../ports/cluster/reservations.ts';
import { label, namespace } from './names.ts';
import { isGivenUp, problemsOf, refusalOf } from './pod-problems.ts';
import type { Event, Job, Pod, PodTemplate, ServiceAccount } from './types.ts';

/** Pods that replace a failed pod of a slot. Pods on a lost node do not count. */
const replacements = 4;
/** Seconds until Kubernetes deletes a Job whose workers all ended, if nobody else does. */
const ttlSeconds = 3600;

const annotation = {
  nodes: 'gcd-sfn/nodes',
  slots: 'gcd-sfn/slots',
  workersPerNode: 'gcd-sfn/workers-per-node',
  image: 'gcd-sfn/image',
} as const;

/** The Job's manifest. Suspended: it has no pods until the workers are started. */
export function jobOf(reservation: ReservationSpec, template: PodTemplate): Job {
  const { execution, nodes, slots, workersPerNode, image } = reservation;
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
      // A pod that is evicted, or whose node is lost or reclaimed, does not count as failed.
      podFailurePolicy: {
        rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
      },
      podReplacementPolicy: 'Failed',
      ttlSecondsAfterFinished: ttlSeconds,
      template,
    },
  };
}

/**
 * The service account of the execution's workers. Its owner is the Job: Kubernetes deletes it after the Job, which it
 * deletes after the last pod.
 */
export function accountOf({ metadata }: Job): ServiceAccount {
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

/** Whether the Job was started, and some of its workers are not ready. */
export const isIncomplete = ({ metadata, spec, status }: Job): boolean =>
  !metadata?.deletionTimestamp && !spec?.suspend && (status?.ready ?? 0) < (spec?.completions ?? 1);

/** What the Job controller has created, or could not. */
export interface Created {
  /** Empty when all workers are ready. */
  pods: Pod[];
  /** The Job's events; empty when all pods exist. */
  events: Event[];
}

/** @param now seconds since 1970 */
export function reservationOf(
  job: Job,
  { pods, events }: Created,
  cluster: string,
  now: number,
): Reservation {
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
    graceSeconds: job.spec?.template.spec?.terminationGracePeriodSeconds ?? graceSeconds,
    // The status of a Job that is being deleted is not updated any more.
    workers: {
      ready: deletionTimestamp ? 0 : (job.status?.ready ?? 0),
      problems: [...problemsOf(pods, now), ...[refusalOf(events) ?? []].flat()],
    },
  };
}

function stateOf({ metadata, spec, status }: Job, pods: Pod[]): Reservation['state'] {
  if (metadata?.deletionTimestamp) return 'stopping';
  const failed = status?.conditions?.some(
    ({ type, status: is }) => (type === 'Failed' || type === 'FailureTarget') && is === 'True',
  );
  const areGivenUp = !status?.ready && pods.length > 0 && pods.every(isGivenUp);
  if (failed || areGivenUp) return 'failed';
  return spec?.suspend ? 'reserved' : 'started';
}

const seconds = (time: string | undefined) => (time === undefined ? undefined : Date.parse(time) / 1000);
