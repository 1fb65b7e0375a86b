/** Asked by the clock and when an execution ends badly; stack/rules.yml. */
import { bucketLayout } from '../../core/bucket/bucket-layout.ts';
import { clock } from '../lambda/clock.ts';
import { janitorEvent } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { stackLimits } from '../lambda/limits.ts';
import { logSwept } from '../lambda/log.ts';
import { bastions } from '../lambda/ports/bastions.ts';
import { bucketStores } from '../lambda/ports/bucket.ts';
import { executions } from '../lambda/ports/executions.ts';
import { identities } from '../lambda/ports/identities.ts';
import { inventory } from '../lambda/ports/inventory.ts';
import { ledger } from '../lambda/ports/ledger.ts';
import { licences } from '../lambda/ports/licences.ts';
import { mapRuns } from '../lambda/ports/map-runs.ts';
import { nodegroups } from '../lambda/ports/nodegroups.ts';
import { queues } from '../lambda/ports/queues.ts';
import { sshDoor } from '../lambda/ports/ssh-door.ts';
import { releaseNodes } from '../nodes/scale-down.ts';
import { cleanUpEnded } from './on-execution-ended.ts';
import { sweep } from './sweep.ts';

/** A run whose nodes are there takes less to begin, and so does one whose licence file was put there. */
const idleSeconds = 600;

export const handler = lambda('Janitor', janitorEvent, async ({ execution }) => {
  // First, whatever becomes of the rest.
  if (execution !== undefined) await cleanUpEnded({ executions: executions() })(execution);
  const common = { reservations: ledger(), nodegroups: nodegroups(), executions: executions(), clock };
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
