/** Why AWS or Kubernetes does not provide something, and the error that it becomes. */
import {
  AccessDenied,
  CapacityUnavailable,
  type GcdError,
  ImageFailed,
  QuotaExceeded,
  UsageError,
  WorkersFailed,
} from './errors.ts';

export interface Problem {
  /**
   * `other` and `capacity` may be temporary; the rest needs somebody to act. `account`: not available to this account, such
   * as on the free plan; `request`: the request is invalid; `memory`: a worker has too little, or its tasks use too much.
   */
  kind: 'capacity' | 'quota' | 'account' | 'request' | 'policy' | 'image' | 'project' | 'memory' | 'other';
  /** A sentence. */
  message: string;
}

const errors = {
  capacity: CapacityUnavailable,
  quota: QuotaExceeded,
  account: QuotaExceeded,
  request: UsageError,
  policy: AccessDenied,
  image: ImageFailed,
  project: WorkersFailed,
  memory: WorkersFailed,
  other: WorkersFailed,
} as const;

const hints: Record<Problem['kind'], string | undefined> = {
  capacity: 'Try another instance_type, or spot: false, or try again later.',
  quota: 'Request a higher quota in the Service Quotas console, or use a smaller instance_type or max_nodes.',
  account:
    'On the free plan, use an instance_type that it allows, such as m7i-flex.large, or upgrade the account in the Billing console; otherwise ask AWS Support.',
  request: 'If it is about a volume, raise volumeSize in cluster.yaml.',
  policy: 'Grant the role in the message the permission in the message; gcd-sfn doctor checks all of them.',
  image: undefined,
  project: undefined,
  memory: 'Raise memory_per_worker in config.yaml.',
  other: undefined,
};

/** Whether retrying does not help. Of memory, that is so only before any task has run. */
export const isFinal = ({ kind }: Problem): boolean => !['other', 'capacity', 'memory'].includes(kind);

/** The error for a problem that stops a run. */
export function errorOf({ kind, message }: Problem): GcdError {
  const hint = hints[kind];
  return new errors[kind](message, hint === undefined ? {} : { hint });
}
