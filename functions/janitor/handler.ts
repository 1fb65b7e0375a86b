/** Asked by the clock and when an execution ends badly; stack/rules.yml. */
import { bucketLayout } from '../../core/bucket/bucket-layout.ts';
import { systemClock } from '../../core/system-clock.ts';
import { janitorEvent } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { logSwept } from '../lambda/log.ts';
import {
  bastions,
  bucketStores,
  executions,
  identities,
  inventory,
  ledger,
  licences,
  mapRuns,
  nodegroups,
  queues,
  sshDoor,
} from '../lambda/ports.ts';
import { stackLimits } from '../lambda/settings.ts';
import { releaseNodes } from '../nodes/scale-down.ts';
import { cleanUpEnded } from './on-execution-ended.ts';
import { sweep } from './sweep.ts';

/** A run whose nodes are there takes less to begin, and so does one whose licence file was put there. */
const idleSeconds = 600;

export const handler = lambda('Janitor', janitorEvent, async ({ execution }) => {
  // First, whatever becomes of the rest.
  if (execution !== undefined) await cleanUpEnded({ executions: executions() })(execution);
  const common = {
    reservations: ledger(),
    nodegroups: nodegroups(),
    executions: executions(),
    clock: systemClock,
  };
  const things = {
    ...{ identities: identities(), queues: queues(), bastions: bastions() },
    ...{ mapRuns: mapRuns(), sshDoor: sshDoor() },
  };
  const ports = { ...common, ...things, inventory: await inventory(), licences: await licences() };
  const storeAt = await bucketStores();
  const storeOf = (run: string) => storeAt(bucketLayout.run(run));
  const swept = await sweep({
    ...ports,
    storeOf,
    releaseNodes: releaseNodes({ ...common, limits: stackLimits() }),
  })({ idleSeconds });
  logSwept(swept);
  return swept;
});
