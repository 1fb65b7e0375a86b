import type { StackLimits } from '../../core/stack-limits.ts';
import { setting } from './settings.ts';

/** What the stack that the function is of allows a run. */
export const stackLimits = (): StackLimits => ({
  maxNodes: Number(setting('maxNodes')),
  instanceTypes: setting('instanceTypes'),
  maxDiskGiB: Number(setting('maxDiskGiB')),
});
