import type { Clock } from '../../ports/clock.ts';
import type { Nodegroups } from '../../ports/nodegroups.ts';
import type { Reservations } from '../../ports/reservations.ts';
import type { StackLimits } from '../../ports/stack-limits.ts';

/** What the stages of nodes look at: the machines, and who holds how many of them. */
export interface NodesPorts {
  nodegroups: Nodegroups;
  reservations: Reservations;
  clock: Clock;
  /** What they never exceed, whatever they are asked. */
  limits: StackLimits;
}
