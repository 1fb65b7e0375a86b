import type { StackLimits } from '../../core/stack-limits.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Nodegroups } from '../../ports/cluster/nodegroups.ts';
import type { Reservations } from '../../ports/cluster/reservations.ts';

/** What the stages of nodes look at: the machines, and who holds how many of them. */
export interface NodesPorts {
  nodegroups: Nodegroups;
  reservations: Reservations;
  clock: Clock;
  /** What they never exceed, whatever they are asked. */
  limits: StackLimits;
}
