import { systemClock } from '../../core/system-clock.ts';
import { nodegroupRequest, releaseRequest, scaleRequest } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { ledger, nodegroups } from '../lambda/ports.ts';
import { stackLimits } from '../lambda/settings.ts';
import { ensureNodegroup } from './ensure-nodegroup.ts';
import { releaseNodes } from './scale-down.ts';
import { scaleNodes } from './scale-nodes.ts';

const ports = () => ({
  nodegroups: nodegroups(),
  reservations: ledger(),
  clock: systemClock,
  limits: stackLimits(),
});

export const ensure = lambda('EnsureNodegroup', nodegroupRequest, (asked) => ensureNodegroup(ports())(asked));

export const scale = lambda('ScaleNodes', scaleRequest, (asked) => scaleNodes(ports())(asked));

export const release = lambda('ScaleDown', releaseRequest, (asked) => releaseNodes(ports())(asked));
