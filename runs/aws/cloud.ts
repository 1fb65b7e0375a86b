/** A stack in an AWS account, with the ports to its parts. */

import type { DataAccess, DataBucket } from '../../core/config/config.ts';
import type { Store } from '../../core/store.ts';
import type { ExecutionEvents } from '../../ports/account/execution-events.ts';
import type { Executions } from '../../ports/account/executions.ts';
import type { Licences } from '../../ports/account/licences.ts';
import type { Notifier } from '../../ports/account/notifier.ts';
import type { Prices } from '../../ports/account/prices.ts';
import type { Schedules } from '../../ports/account/schedules.ts';
import type { StackParts } from '../../ports/account/stack.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Quotas } from '../../ports/cluster/quotas.ts';

export interface Cloud {
  stack: StackParts;
  /** ARN of the caller. */
  caller: string;
  /** The part of the stack's bucket whose keys begin so; '' is all of it. */
  store(prefix: string): Store;
  /** The place of the data files, in whatever bucket; by keys relative to it. */
  data(place: DataBucket & { kind: 's3' }, how?: DataAccess): Store;
  executions: Executions;
  events: ExecutionEvents;
  licences: Licences;
  prices: Prices;
  notifier: Pick<Notifier, 'invite'>;
  schedules: Schedules;
  quotas: Quotas;
  /** Names of the region's clusters, including those of others. */
  clusterNames(): Promise<string[]>;
  clock: Clock;
}
