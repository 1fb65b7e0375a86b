/** Requests on their way to be complete, and those for a cluster. */
import type { DraftTarget, EksTarget } from '../../target.ts';
import type { RunRequest } from './request.ts';

/** A request for a run on a cluster. */
export type EksRequest = RunRequest & { target: EksTarget };

/** A request before the code is frozen and, for a cluster, the image is packed. */
export type DraftRequest = Omit<RunRequest, 'codeDigest' | 'target'> & {
  target: { kind: 'local' } | DraftTarget;
};

export type LocalDraft = DraftRequest & { target: { kind: 'local' } };
export type EksDraft = DraftRequest & { target: DraftTarget };
