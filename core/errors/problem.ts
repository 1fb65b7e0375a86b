/** Why the cloud does not give what was asked for, in its own words. */
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
   * `other` is what may pass; the rest needs somebody to act, but for `capacity`, which may come back. `account`: AWS does
   * not give it to an account as this one is; `request`: what was asked for cannot be.
   */
  kind: 'capacity' | 'quota' | 'account' | 'request' | 'policy' | 'image' | 'project' | 'other';
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
  other: WorkersFailed,
} as const;

const hints: Record<Problem['kind'], string | undefined> = {
  capacity: 'Try another instance_type, or spot: false, or try again later.',
  quota:
    'Ask for a higher quota in the Service Quotas console, or take a smaller instance_type or max_nodes.',
  account:
    'On the free plan, take an instance_type that it allows, such as m7i-flex.large, or upgrade the account in the Billing console; for the rest, ask AWS Support.',
  request: 'Where it is about a volume, raise volumeSize in cluster.yaml.',
  policy:
    'Give the role that the message names the permission that it names; gcd-sfn doctor checks all of them.',
  image: undefined,
  project: undefined,
  other: undefined,
};

/** Whether waiting does not help. */
export const isFinal = ({ kind }: Problem): boolean => kind !== 'other' && kind !== 'capacity';

/** The error that a problem becomes when a run cannot go on because of it. */
export function errorOf({ kind, message }: Problem): GcdError {
  const hint = hints[kind];
  return new errors[kind](message, hint === undefined ? {} : { hint });
}
