/** What the client of runs on AWS needs of an account: a stack, and the ports onto what belongs to it. */
import type { Clock } from '../../ports/clock.ts';
import type { DataAccess, DataBucket } from '../../ports/config.ts';
import type { ExecutionEvents } from '../../ports/execution-events.ts';
import type { Executions } from '../../ports/executions.ts';
import type { Licences } from '../../ports/licences.ts';
import type { Notifier } from '../../ports/notifier.ts';
import type { Prices } from '../../ports/prices.ts';
import type { Quotas } from '../../ports/quotas.ts';
import type { Schedules } from '../../ports/schedules.ts';
import type { StackParts } from '../../ports/stack.ts';
import type { Store } from '../../ports/store.ts';

export interface Cloud {
  stack: StackParts;
  /** ARN of whose credentials these are. */
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
  /** Names of the region's clusters, whoever made them. */
  clusterNames(): Promise<string[]>;
  clock: Clock;
}
