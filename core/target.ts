/** Where a run's workers are. */

import type { infer as Checked } from 'zod';
import type { eksTargetSchema, RunRequest } from './run-store/request/request.ts';
import { asTagValue } from './values/tags.ts';

export type Target = RunRequest['target'];
export type EksTarget = Checked<typeof eksTargetSchema>;
/** A cluster target before the image is packed. */
export type DraftTarget = Omit<EksTarget, 'image'>;

/** Default name of the nodegroup for an instance type: a nodegroup's type cannot change, so each type has its own. */
export const nodegroupName = (instanceType: string, spot: boolean): string =>
  `gcd-${instanceType.replace('.', '-')}${spot ? '-spot' : ''}`;

/** Tags of everything that a run creates. @param project name of the project's folder */
export const tagsOf = (project: string, tags: Record<string, string>): Record<string, string> => ({
  ...tags,
  project: asTagValue(project) || 'project',
  managedBy: 'gcd-sfn',
});

/** Default name of a cluster's bastion. */
export const bastionName = (cluster: string): string => `${cluster}-bastion`;
