import type { Clock } from '../../ports/clock.ts';
import type { Nodegroups } from '../../ports/nodegroups.ts';
import type { Reservations } from '../../ports/reservations.ts';

/** What the stages of nodes look at: the machines, and who holds how many of them. */
export interface NodesPorts {
  nodegroups: Nodegroups;
  reservations: Reservations;
  clock: Clock;
}
