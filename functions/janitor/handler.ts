/** Invoked on a schedule, and when an execution fails: stack/rules.yml. */
import { bucketLayout } from '../../core/bucket/bucket-layout.ts';
import { systemClock } from '../../core/system-clock.ts';
import { janitorEvent } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { logSweep } from '../lambda/log.ts';
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
  sshIngress,
} from '../lambda/ports.ts';
import { stackLimits } from '../lambda/settings.ts';
import { releaseNodes } from '../nodes/scale-down.ts';
import { onExecutionEnded } from './on-execution-ended.ts';
import { sweep } from './sweep.ts';

/** Longer than a run takes from its first nodes, or from its licence file, to its first worker. */
const idleSeconds = 600;

export const handler = lambda('Janitor', janitorEvent, async ({ execution }) => {
  // First, so that it happens even if the sweep fails.
  if (execution !== undefined) await onExecutionEnded({ executions: executions() })(execution);
  const common = {
    reservations: ledger(),
    nodegroups: nodegroups(),
    executions: executions(),
    clock: systemClock,
  };
  const storeAt = await bucketStores();
  const report = await sweep({
    ...common,
    ...{ identities: identities(), queues: queues(), bastions: bastions() },
    ...{ mapRuns: mapRuns(), sshIngress: sshIngress() },
    ...{ inventory: await inventory(), licences: await licences() },
    storeOf: (run) => storeAt(bucketLayout.run(run)),
    releaseNodes: releaseNodes({ ...common, limits: stackLimits() }),
  })({ idleSeconds });
  logSweep(report);
  return report;
});
