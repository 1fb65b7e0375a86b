import { systemClock } from '../../core/system-clock.ts';
import { clusterRequest } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { clusters } from '../lambda/ports.ts';
import { ensureCluster } from './ensure-cluster.ts';

export const handler = lambda('EnsureCluster', clusterRequest, (asked) =>
  ensureCluster({ clusters: clusters(), clock: systemClock })(asked),
);
