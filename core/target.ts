/** Where a run's workers are. */

import type { infer as Checked } from 'zod';
import type { eksTargetSchema, RunRequest } from './run-store/request/request.ts';
import { asTagValue } from './values/tags.ts';

export type Target = RunRequest['target'];
export type EksTarget = Checked<typeof eksTargetSchema>;

/** Name of the group for machines of a kind: its kind cannot be changed, so each kind has its own. */
export const nodegroupName = (instanceType: string, spot: boolean): string =>
  `gcd-${instanceType.replace('.', '-')}${spot ? '-spot' : ''}`;

/** Tags of everything that a run makes, whatever its project's folder is called. @param project the folder's name */
export const tagsOf = (project: string, tags: Record<string, string>): Record<string, string> => ({
  ...tags,
  project: asTagValue(project) || 'project',
  managedBy: 'gcd-sfn',
});

/** Name of the machine from which somebody looks into a cluster: each cluster has its own. */
export const bastionName = (cluster: string): string => `${cluster}-bastion`;
